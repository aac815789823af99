import { ask, askRaw } from './testing/http-client';
import { startTestApp, type TestApp } from './testing/test-app';

const PATHS = [
  '/',
  '/index.html',
  '/health/live',
  '/api/v1/events',
  '/api/v1/nothing',
  '/api/docs',
  '/api/openapi.json',
];
const SPELLINGS = ['/API/v1/events', '//api/v1/events', '/api/./v1/events', '/api/v1/events/', '/api%2fv1/events'];

describe('hostGuard', () => {
  let node: TestApp;
  beforeAll(async () => {
    node = await startTestApp({ env: { FERRY_WEB_PORT: '4321' } });
  });
  afterAll(() => node.close());

  it.each([...PATHS, ...SPELLINGS])('stands before %s', async (path) => {
    const { status, headers } = await ask(node.port, path, { headers: { host: 'evil.example' } });
    expect(status).toBe(421);
    expect(headers['content-type']).toContain('application/problem+json');
    expect((await ask(node.port, path, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('stands before %s', async (method) => {
    const headers = { host: 'evil.example', 'x-http-method-override': 'GET' };
    expect((await ask(node.port, '/health/live', { method, headers })).status).toBe(421);
  });

  it('ignores forwarded hosts', async () => {
    const forwarded = { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' };
    expect((await ask(node.port, '/health/live', { headers: { ...forwarded, host: 'evil.example' } })).status).toBe(
      421,
    );
    expect((await ask(node.port, '/health/live', { headers: { 'x-forwarded-host': 'evil.example' } })).status).toBe(
      200,
    );
  });

  it.each([
    ['H04 no Host', 'GET /health/live HTTP/1.1\r\n', 400],
    ['H04 no Host in HTTP/1.0', 'GET /health/live HTTP/1.0\r\n', 400],
    ['H05 two Hosts', 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n', 400],
    ['H05 a good and a bad Host', 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n', 400],
    ['H09 absolute form', 'GET http://evil.example/health/live HTTP/1.1\r\nHost: localhost\r\n', 421],
    ['a good one', 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n', 200],
  ])('answers %s', async (_name, head, status) => {
    const answer = await askRaw(node.port, `${head}Connection: close\r\n\r\n`);
    expect(answer.split('\r\n')[0]).toContain(` ${status} `);
    if (status !== 200) expect(answer).toContain('application/problem+json');
  });

  it('answers a preflight of the web server', async () => {
    const headers = {
      origin: 'http://localhost:4321',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'content-type',
    };
    const answer = await ask(node.port, '/api/v1/files/1', { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:4321',
      'access-control-allow-methods': expect.stringContaining('PATCH'),
      'access-control-allow-headers': 'content-type',
      vary: expect.stringContaining('Origin'),
    });
  });

  it('lets the web server read', async () => {
    const headers = { origin: 'http://127.0.0.1:4321', 'sec-fetch-site': 'cross-site' };
    const answer = await ask(node.port, '/health/live', { headers });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, 'http://127.0.0.1:4321']);
  });

  it('H17 tells a foreign origin nothing', async () => {
    const headers = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const answer = await ask(node.port, '/api/v1/files', { method: 'OPTIONS', headers });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('sends headers that suit plain HTTP', async () => {
    const { headers } = await ask(node.port, '/health/live');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });
});
