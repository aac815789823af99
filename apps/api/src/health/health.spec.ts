import { ask } from '../http/testing/http-client';
import { startTestApp, type TestApp } from '../http/testing/test-app';
import { ReadinessService } from './readiness.service';

describe('health', () => {
  let node: TestApp;
  beforeAll(async () => {
    node = await startTestApp();
  });
  afterAll(() => node.close());

  it('lives as soon as HTTP answers', async () => {
    expect((await ask(node.port, '/health/live')).status).toBe(200);
  });

  it('is ready once every part is', async () => {
    const readiness = node.app.get(ReadinessService);
    readiness.mark('http');
    readiness.mark('peer');
    const early = await ask(node.port, '/health/ready');
    expect(early.status).toBe(503);
    expect(JSON.parse(early.text)).toMatchObject({ code: 'starting', detail: expect.stringContaining('share') });
    readiness.mark('share');
    expect((await ask(node.port, '/health/ready')).status).toBe(200);
  });
});
