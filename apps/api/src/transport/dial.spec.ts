import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { serverOptions } from './tls-options';
import { newIdentity, TestDevice } from './testing/test-device';

/** A server on loopback that notes all it gets. */
async function listen(server: Server): Promise<{ address: string; sockets: Socket[]; stop: () => Promise<unknown> }> {
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<unknown> => {
    const closed = once(server, 'close');
    server.close();
    sockets.forEach((socket) => socket.destroy());
    return closed;
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, stop };
}

describe('dialling', () => {
  let device: TestDevice;
  let other: TestDevice;
  beforeAll(async () => {
    device = await TestDevice.start({ deadlines: { connectMs: 500, helloMs: 500 } });
    other = await TestDevice.start();
  });
  afterAll(() => Promise.all([device.stop(), other.stop()]));

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])('reaches a device at %s', async (host) => {
    const session = await device.transport.dial(`${host}:${other.transport.port}`);

    expect(session.peerId).toBe(other.id);
    session.close();
    await session.gone;
  });

  it.each(['', 'host', 'host:0', 'host:99999', '::1:8000', 'http://host:8000', 'a b:8000'])(
    'refuses the address "%s"',
    async (address) => {
      await expect(device.transport.dial(address)).rejects.toMatchObject({ code: 'ADDRESS_INVALID' });
    },
  );

  it.each(['127.0.0.1', 'localhost'])('says that nothing listens at a closed port of %s', async (host) => {
    const { address, stop } = await listen(createServer());
    await stop();

    await expect(device.transport.dial(address.replace('127.0.0.1', host))).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('is Ferry running there'),
    });
  });

  it('says that a name is unknown', async () => {
    await expect(device.transport.dial('no-such-host.invalid:8000')).rejects.toMatchObject({ code: 'DNS_FAILED' });
  });

  it('gives up on a server that never answers the handshake', async () => {
    const { address, sockets, stop } = await listen(createServer());

    await expect(device.transport.dial(address)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('another program, or a device that hangs'),
    });

    sockets[0]?.resume();
    await stop();
  });

  it('says that another program answers', async () => {
    const { address, stop } = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));

    await expect(device.transport.dial(address)).rejects.toMatchObject({ code: 'TLS_FAILED' });
    await stop();
  });

  it('refuses a TLS server that does not name our protocol', async () => {
    const options = { ...serverOptions(await newIdentity(), 1_000), ALPNProtocols: undefined };
    const { address, stop } = await listen(createTlsServer(options, (socket) => socket.on('error', () => undefined)));

    await expect(device.transport.dial(address)).rejects.toMatchObject({ code: 'TLS_FAILED' });
    await stop();
  });

  it('sends no application byte to another device than the expected one', async () => {
    let received = 0;
    const impostor = createTlsServer(serverOptions(await newIdentity(), 1_000), (socket) =>
      socket.on('error', () => undefined).on('data', (bytes: Buffer) => (received += bytes.length)),
    );
    const { address, sockets, stop } = await listen(impostor);

    await expect(device.transport.dial(address, { expectedId: other.id })).rejects.toMatchObject({
      code: 'IDENTITY_MISMATCH',
    });

    await Promise.all(sockets.map((socket) => socket.destroyed || once(socket, 'close')));
    expect(received).toBe(0);
    await stop();
  });

  it('knows its own address', async () => {
    await expect(device.transport.dial(device.address)).rejects.toMatchObject({ code: 'SELF' });
  });

  it('gives up on a device that does not say hello', async () => {
    const silent = createTlsServer(serverOptions(await newIdentity(), 1_000), (socket) =>
      socket.on('error', () => undefined).resume(),
    );
    const { address, stop } = await listen(silent);

    await expect(device.transport.dial(address)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await stop();
  });

  it('leaves no socket when it is aborted', async () => {
    const { address, sockets, stop } = await listen(createServer((socket) => socket.resume()));
    const abort = new AbortController();
    const dial = device.transport.dial(address, { signal: abort.signal });
    while (sockets.length === 0) await new Promise(setImmediate);

    abort.abort();

    await expect(dial).rejects.toMatchObject({ name: 'AbortError' });
    await Promise.all(sockets.map((socket) => socket.destroyed || once(socket, 'close')));
    await stop();
  });

  it('does not begin when it was aborted before', async () => {
    await expect(device.dial(other, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a device that stops', () => {
  it('gives up what it dials', async () => {
    const device = await TestDevice.start();
    const { address, sockets, stop } = await listen(createServer((socket) => socket.resume()));
    const dial = device.transport.dial(address);
    while (sockets.length === 0) await new Promise(setImmediate);

    await Promise.all([device.stop(), expect(dial).rejects.toMatchObject({ code: 'SESSION_CLOSED' })]);
    await stop();
  });

  it('passes on why its port cannot be bound', async () => {
    const device = await TestDevice.start();

    await expect(TestDevice.start({ port: device.transport.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await device.stop();
  });

  it('can stop before it has listened', async () => {
    const device = await TestDevice.start();
    await device.stop();
    await device.stop();
  });
});
