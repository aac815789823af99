import { rm } from 'node:fs/promises';
import { ask } from '../http/testing/http-client';
import { startTestApp, type TestApp } from '../http/testing/test-app';
import { makeWebDir } from '../http/testing/web-dir';

describe('staticWeb', () => {
  let webDir: string;
  let node: TestApp;
  beforeAll(async () => {
    webDir = await makeWebDir();
    node = await startTestApp({ webDir });
  });
  afterAll(async () => {
    await node.close();
    await rm(webDir, { recursive: true });
  });

  it.each(['/', '/index.html', '/transfers', '/peers/ABC-DEF/files', '/files?scope=received'])(
    'answers the page %s with index.html, to be asked for again each time',
    async (path) => {
      const answer = await ask(node.port, path);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('<title>Ferry</title>');
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy': expect.stringContaining("script-src 'self'"),
      });
    },
  );

  it.each(['/main-ABCD1234.js', '/chunk-2o_Bbya8.js'])(
    'lets browsers keep %s, whose name tells its content',
    async (path) => {
      const { status, headers } = await ask(node.port, path);
      expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    },
  );

  it.each(['/favicon.ico', '/theme-switcher.js'])('has browsers ask for %s again', async (path) => {
    const { status, headers } = await ask(node.port, path);
    expect([status, headers['cache-control']]).toEqual([200, 'no-cache']);
  });

  it.each([
    '/missing-ABCD1234.js',
    '/assets/missing.css',
    '/.env',
    '/../package.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%5c..%5cx.txt',
    '/main-ABCD1234.js%00.html',
    '/api/v1/missing',
    '/health/missing',
  ])('never answers %s with a page', async (path) => {
    const { status, headers } = await ask(node.port, path);
    expect([400, 403, 404]).toContain(status);
    expect(headers['content-type']).toContain('application/problem+json');
  });

  it('answers HEAD without a body', async () => {
    const { status, text, headers } = await ask(node.port, '/', { method: 'HEAD' });
    expect([status, text, headers['content-length']]).toEqual([200, '', '20']);
  });

  it('leaves other methods alone', async () => {
    expect((await ask(node.port, '/', { method: 'POST' })).status).toBe(404);
  });

  it('says 404 when the UI was not built', async () => {
    const bare = await startTestApp({ webDir: '/nowhere' });
    expect((await ask(bare.port, '/')).status).toBe(404);
    await bare.close();
  });
});
