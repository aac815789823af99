import { ask } from './testing/http-client';
import { startTestApp, type TestApp } from './testing/test-app';

describe('API documentation', () => {
  let node: TestApp;
  beforeAll(async () => {
    node = await startTestApp();
  });
  afterAll(() => node.close());

  it('serves an OpenAPI 3.1 document', async () => {
    const { status, text } = await ask(node.port, '/api/openapi.json');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/v1/events': expect.anything(), '/health/live': expect.anything() },
    });
  });

  it('serves a page that works under the content security policy: no inline script', async () => {
    const { status, text } = await ask(node.port, '/api/docs');
    expect(status).toBe(200);
    const scripts = [...text.matchAll(/<script([^>]*)>([^<]*)/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes, body] of scripts) {
      expect(attributes).toContain('src="./');
      expect(body?.trim()).toBe('');
    }
    for (const [, source] of text.matchAll(/src="\.\/([^"]+)"/g)) {
      expect((await ask(node.port, `/api/${source}`)).status).toBe(200);
    }
  });
});
