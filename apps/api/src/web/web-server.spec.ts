import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { Controller, Get, Param, Post, Req, StreamableFile } from '@nestjs/common';
import type { Request } from 'express';
import { EventsService } from '../events/events.service';
import { Consumes } from '../http/media-type.guard';
import { ask } from '../http/testing/http-client';
import { startTestApp, type TestApp } from '../http/testing/test-app';
import { makeWebDir } from '../http/testing/web-dir';
import { startWebServer, type WebServer } from './web-server';

/** Tells what reached the node. */
@Controller('echo')
class EchoController {
  @Get('headers')
  headers(@Req() { headers }: Request): unknown {
    return headers;
  }

  @Get('bytes/:count')
  bytes(@Param('count') count: string): StreamableFile {
    return new StreamableFile(Buffer.alloc(Number(count), 7));
  }

  @Post('upload')
  @Consumes('application/octet-stream')
  async upload(@Req() incoming: Request): Promise<{ sha256: string }> {
    const hash = createHash('sha256');
    for await (const part of incoming) hash.update(part as Uint8Array);
    return { sha256: hash.digest('hex') };
  }
}

describe('startWebServer', () => {
  let webDir: string;
  let node: TestApp;
  let web: WebServer;

  beforeEach(async () => {
    webDir = await makeWebDir();
    const port = await freePort();
    node = await startTestApp({ env: { FERRY_WEB_PORT: String(port) }, controllers: [EchoController] });
    web = await startWebServer(node.config, { apiPort: node.port, webDir });
  });
  afterEach(async () => {
    await web.close();
    await node.close();
    await rm(webDir, { recursive: true });
  });

  it('serves the UI with its security headers', async () => {
    const { status, text, headers } = await ask(web.port, '/transfers');
    expect([status, text]).toEqual([200, '<title>Ferry</title>']);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect((await ask(web.port, '/missing.js')).status).toBe(404);
  });

  it('passes Host and Origin on unchanged', async () => {
    const own = `localhost:${web.port}`;
    const headers = { host: own, origin: `http://${own}`, 'sec-fetch-site': 'same-origin' };
    const { status, text } = await ask(web.port, '/api/v1/echo/headers', { headers });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject(headers);
  });

  it.each(['/', '/main-ABCD1234.js', '/api/v1/echo/headers', '/health/live', '/API/v1/echo/headers'])(
    'judges Host and Origin itself for %s',
    async (path) => {
      expect((await ask(web.port, path, { headers: { host: 'evil.example' } })).status).toBe(421);
      expect((await ask(web.port, path, { headers: { host: `localhost:${node.port}` } })).status).toBe(421);
      expect((await ask(web.port, path, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    },
  );

  it('passes health checks and problems through', async () => {
    expect((await ask(web.port, '/health/live')).status).toBe(200);
    const missing = await ask(web.port, '/api/v1/missing');
    expect(missing.status).toBe(404);
    expect(missing.headers['content-type']).toContain('application/problem+json');
  });

  it('streams a big upload and a big download', async () => {
    const body = randomBytes(32 * 1024 * 1024);
    const headers = { 'content-type': 'application/octet-stream' };
    const { text } = await ask(web.port, '/api/v1/echo/upload', { method: 'POST', headers, body });
    expect(JSON.parse(text)).toEqual({ sha256: createHash('sha256').update(body).digest('hex') });
    expect((await ask(web.port, `/api/v1/echo/bytes/${body.length}`)).text).toHaveLength(body.length);
  });

  it('streams events as they come, and ends the stream with its reader', async () => {
    const events = node.app.get(EventsService);
    const outgoing = get(web.port, '/api/v1/events');
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    await until(response, 'node.hello');
    events.publish('peers.removed', { id: 'x' });
    await until(response, 'peers.removed');
    outgoing.destroy();
  });

  it('answers 502 while the node is away, and works again with it', async () => {
    await node.close();
    const answer = await ask(web.port, '/api/v1/status');
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'peer-unreachable',
      detail: expect.stringContaining('Start it'),
    });
    expect((await ask(web.port, '/')).status).toBe(200);
    const env = { FERRY_HTTP_PORT: String(node.port), FERRY_WEB_PORT: String(web.port) };
    node = await startTestApp({ env });
    expect((await ask(web.port, '/health/live')).status).toBe(200);
  });

  it('breaks an event stream off with the node, and refuses it until the node is back', async () => {
    const outgoing = get(web.port, '/api/v1/events');
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const closed = once(response.resume(), 'close');
    await node.close();
    await closed;
    const [error] = (await once(get(web.port, '/api/v1/events'), 'error')) as [Error & { code: string }];
    expect(error.code).toBe('ECONNRESET');
  });

  it('fails to start on a busy port', async () => {
    const busy = { ...node.config, webPort: web.port };
    await expect(startWebServer(busy, { webDir })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

const get = (port: number, path: string) =>
  request({ host: '127.0.0.1', port, path, headers: { accept: 'text/event-stream' }, agent: false }).end();

async function until(response: IncomingMessage, words: string): Promise<void> {
  let text = '';
  while (!text.includes(words)) text += String((await once(response, 'data'))[0]);
}

/** A port that was free a moment ago; the node must know the web server's port before that one listens. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
