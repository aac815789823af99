import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encode, filePart } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';
import { startWebServer, type WebServer } from '../web/web-server';

const LIMIT = 1_000_000;
const GIBIBYTE = 2 ** 30;
const TYPE = 'Content-Type: multipart/form-data; boundary=ferry-test-boundary';

describe('a refused upload', () => {
  let node: ShareNode;
  let web: WebServer;
  let sockets: Socket[];

  beforeAll(async () => {
    node = await startShareNode({ FERRY_MAX_FILE_SIZE: String(LIMIT), FERRY_WEB_PORT: '0' });
    web = await startWebServer({ ...node.config, allowedHosts: ['localhost'] }, { apiPort: node.port });
  });
  afterAll(async () => {
    await web.close();
    await node.close();
  });
  beforeEach(() => (sockets = []));
  afterEach(() => sockets.forEach((socket) => socket.destroy()));

  /** The beginning of an upload; its end never comes. */
  function begin(port: number, length: string, bytes: Uint8Array | string = ''): Socket {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(`POST /api/v1/files HTTP/1.1\r\nHost: localhost\r\n${TYPE}\r\n${length}\r\n\r\n`);
    socket.write(bytes);
    return socket;
  }

  /** Everything up to the end of the problem. */
  async function answerOf(socket: Socket): Promise<string> {
    let text = '';
    while (!text.endsWith('}')) text += String((await once(socket, 'data'))[0]);
    return text;
  }

  const startOf = (name: string, bytes = 0) => encode(filePart(name, 'x'.repeat(bytes)));
  const chunk = (bytes: Uint8Array) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
  const ports = { node: () => node.port, 'web server': () => web.port };

  it.each<[string, keyof typeof ports, string, Uint8Array, number, string]>([
    ['by its length', 'node', `Content-Length: ${GIBIBYTE}`, Buffer.alloc(0), 413, 'file-too-large'],
    ['by its length', 'web server', `Content-Length: ${GIBIBYTE}`, Buffer.alloc(0), 413, 'file-too-large'],
    ['by its type', 'node', `Content-Length: ${LIMIT}`, startOf('x.exe'), 415, 'extension-not-allowed'],
    ['by its type', 'web server', `Content-Length: ${LIMIT}`, startOf('x.exe'), 415, 'extension-not-allowed'],
    ['by its bytes', 'node', 'Transfer-Encoding: chunked', chunk(startOf('x.txt', LIMIT + 1)), 413, 'file-too-large'],
    [
      'by its bytes',
      'web server',
      'Transfer-Encoding: chunked',
      chunk(startOf('x.txt', LIMIT + 1)),
      413,
      'file-too-large',
    ],
  ])('is answered %s before its body has ended, by the %s', async (_why, server, length, bytes, status, code) => {
    const before = await node.filesOnDisk();
    const answer = await answerOf(begin(ports[server](), length, bytes));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toContain(`"code":"${code}"`);
    expect(await node.filesOnDisk()).toEqual(before);
  });

  it.each(['node', 'web server'] as const)('can be read by a client that goes on sending to the %s', async (server) => {
    const socket = begin(ports[server](), `Content-Length: ${GIBIBYTE}`, Buffer.alloc(4 * 2 ** 20));
    expect(await answerOf(socket)).toContain('"code":"file-too-large"');
  });

  it.each(['node', 'web server'] as const)('is not read to its end by the %s', async (server) => {
    const socket = begin(ports[server](), `Content-Length: ${GIBIBYTE}`);
    await answerOf(socket);
    const closed = new Promise((resolve) => socket.once('close', resolve)); // a reset is an end as well
    const part = Buffer.alloc(2 ** 20);
    const send = () => void (socket.writable && socket.write(part, send));
    send();
    await closed;
    expect(socket.bytesWritten).toBeLessThan(GIBIBYTE / 4);
  });

  it('ends the connection of a client that sends nothing more', async () => {
    const socket = begin(node.port, `Content-Length: ${GIBIBYTE}`);
    await answerOf(socket);
    await once(socket.resume(), 'close');
  });
});
