import { NodeGroup, type NodeProcess, startWebServer } from '@ferry/test-nodes';
import { rawRequest } from './support/raw-http';

describe.each(['node', 'web server'] as const)('the guard of the %s', (which) => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let port: number;

  beforeAll(async () => {
    node = await group.start('node');
    port = node.ports.http;
    if (which === 'node') return;
    const server = await startWebServer(node);
    group.defer(() => server.kill('SIGTERM'));
    port = node.ports.web;
  });
  afterAll(() => group.dispose());

  const send = (method: string, headers: readonly string[], body = '') =>
    rawRequest(
      port,
      [`${method} /api/v1/status HTTP/1.1`, ...headers.map((h) => h.replace('PORT', String(port)))],
      body,
    );

  it.each([
    ['127.0.0.1:PORT', 200],
    ['localhost:PORT', 200],
    ['LOCALHOST.:PORT', 200],
    ['[::1]:PORT', 200],
    ['evil.example', 421],
    ['evil.example:PORT', 421],
    ['localhost.evil.example:PORT', 421],
    ['127.0.0.1.nip.example', 421],
    ['[::ffff:127.0.0.1]:PORT', 421],
    ['127.0.0.1:1', 421],
  ])('answers Host %s with %i', async (host, status) => {
    expect((await send('GET', [`Host: ${host}`])).status).toBe(status);
  });

  it('wants exactly one Host', async () => {
    expect((await send('GET', [])).status).toBe(400);
    expect((await send('GET', ['Host: 127.0.0.1:PORT', 'Host: evil.example'])).status).toBe(400);
  });

  it('does not trust X-Forwarded-Host, nor the host of an absolute request line', async () => {
    expect((await send('GET', ['Host: evil.example', 'X-Forwarded-Host: 127.0.0.1:PORT'])).status).toBe(421);
    const absolute = ['GET http://evil.example/api/v1/status HTTP/1.1', `Host: 127.0.0.1:${port}`];
    expect((await rawRequest(port, absolute)).status).toBe(421);
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])('refuses the origin %s', async (origin) => {
    const answer = await send('POST', ['Host: 127.0.0.1:PORT', `Origin: ${origin}`, 'Content-Length: 0']);
    expect(answer.status).toBe(403);
    expect(answer.text.toLowerCase()).not.toContain('access-control-allow');
  });

  it('refuses what a foreign page makes the browser send without Origin', async () => {
    const headers = ['Host: 127.0.0.1:PORT', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'];
    expect((await send('GET', headers)).status).toBe(403);
  });

  it('gives a foreign preflight no leave', async () => {
    const headers = ['Host: 127.0.0.1:PORT', 'Origin: https://evil.example', 'Access-Control-Request-Method: POST'];
    const answer = await send('OPTIONS', headers);
    expect(answer.status).toBe(403);
    expect(answer.text.toLowerCase()).not.toContain('access-control-allow');
  });

  it('answers its own pages, and those of the web server', async () => {
    expect((await send('GET', ['Host: 127.0.0.1:PORT', 'Origin: http://127.0.0.1:PORT'])).status).toBe(200);
    const origin = `http://127.0.0.1:${node.ports.web}`;
    const answer = await rawRequest(node.ports.http, [
      'GET /api/v1/status HTTP/1.1',
      `Host: 127.0.0.1:${node.ports.http}`,
      `Origin: ${origin}`,
    ]);
    expect(answer.status).toBe(200);
    expect(answer.text.toLowerCase()).toContain(`access-control-allow-origin: ${origin}`);
  });

  it('serves the page under a policy without foreign or inline scripts', async () => {
    const { status, text } = await rawRequest(port, ['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`]);
    expect(status).toBe(200);
    expect(text).toMatch(/content-security-policy:[^\n]*script-src 'self';/i);
    expect(text).not.toMatch(/upgrade-insecure-requests|strict-transport-security/i);
  });

  it('answers 404, not the page, for a missing script', async () => {
    const { status } = await rawRequest(port, ['GET /missing.js HTTP/1.1', `Host: 127.0.0.1:${port}`]);
    expect(status).toBe(404);
  });
});
