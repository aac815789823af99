import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { clientOptions } from './tls-options';
import { selfSigned } from './testing/self-signed';
import { helloFrame, RawPeer } from './testing/raw-peer';
import { newIdentity, TestDevice } from './testing/test-device';

/** Resolves when the socket is gone, also by an error. */
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

describe('the listener', () => {
  let device: TestDevice;
  beforeAll(async () => {
    device = await TestDevice.start({ deadlines: { handshakeMs: 800, helloMs: 800 } });
  });
  afterAll(() => device.stop());
  afterEach(async () => {
    const honest = await RawPeer.greet(device); // whatever came before, the server goes on
    honest.socket.destroy();
  });

  /** Resolves when the server has dropped the connection. */
  async function isDropped(options: ConnectionOptions): Promise<void> {
    const socket = connectTls({ host: '127.0.0.1', port: device.transport.port, ...options });
    socket.on('error', () => undefined);
    // In TLS 1.3 the client may be done before the server has looked at its certificate.
    socket.once('secureConnect', () => socket.write(helloFrame()));
    let received = 0;
    socket.on('data', (bytes: Buffer) => (received += bytes.length));
    await closed(socket);
    expect(received).toBe(0);
  }

  it('drops a client without a certificate', async () => {
    const { key: _key, cert: _cert, ...anonymous } = clientOptions(await newIdentity());
    await isDropped(anonymous);
  });

  it.each([
    ['no protocol', undefined],
    ['another protocol', ['other/9']],
  ])('drops a client that names %s', async (_what, ALPNProtocols) => {
    await isDropped({ ...clientOptions(await newIdentity()), ALPNProtocols });
  });

  it('drops TLS 1.2', async () => {
    await isDropped({
      ...clientOptions(await newIdentity()),
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ciphers: undefined,
    });
  });

  const P384: [string, () => { privateKey: KeyObject; publicKey: KeyObject }] = [
    'P-384',
    () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ];
  const RSA: typeof P384 = ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })];
  it.each([RSA, P384])('drops a key of type %s', async (_type, generate) => {
    await isDropped({ ...clientOptions(await newIdentity()), ...(await selfSigned(generate())), sigalgs: undefined });
  });

  it('accepts a P-256 key, and a certificate that has expired', async () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const peer = await RawPeer.connect(device, await selfSigned(keys, new Date('2001-01-01')));
    peer.send(helloFrame());
    await peer.frameCount(1);
    expect(peer.lastMessage()).toMatchObject({ stream: 1, value: { protocol: 1 } });
    peer.socket.destroy();
  });

  it('drops its own certificate', async () => {
    await isDropped(clientOptions(device.identity));
  });

  it('resumes no earlier connection', async () => {
    const options = { ...clientOptions(await newIdentity()), host: '127.0.0.1', port: device.transport.port };
    const tickets: Buffer[] = [];
    const first = connectTls(options)
      .on('session', (ticket) => tickets.push(ticket))
      .on('error', () => undefined);
    await once(first, 'secureConnect');
    first.write(helloFrame());
    await once(first, 'data');
    first.destroy();

    for (const session of tickets) {
      const second = connectTls({ ...options, session }).on('error', () => undefined);
      await once(second, 'secureConnect');
      expect(second.isSessionReused()).toBe(false);
      second.destroy();
    }
  });

  it.each([
    ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['SSH', 'SSH-2.0-x\r\n'],
    ['nothing at all', ''],
  ])('drops %s in clear', async (_what, text) => {
    const socket = connectTcp(device.transport.port, '127.0.0.1').on('error', () => undefined);
    socket.write(text);
    socket.resume();
    await closed(socket);
  });

  it('drops a handshake that comes one byte at a time', async () => {
    const socket = connectTcp(device.transport.port, '127.0.0.1').on('error', () => undefined);
    socket.write(Buffer.from('16030102000100', 'hex')); // the start of a ClientHello of 512 bytes
    const trickle = setInterval(() => socket.write(Buffer.from([1])), 20);
    socket.resume();
    await closed(socket);
    clearInterval(trickle);
  });

  it('drops a peer that does not say hello', async () => {
    const peer = await RawPeer.connect(device);
    await peer.closed;
    expect(peer.lastMessage()).toMatchObject({ stream: 0, value: { name: 'TIMEOUT' } });
  });

  it('survives connections that are reset at once', async () => {
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const socket = connectTcp(device.transport.port, '127.0.0.1').on('error', () => undefined);
        await once(socket, 'connect');
        socket.resetAndDestroy();
      }),
    );
  });
});

describe('connections that have not said hello', () => {
  it('are bounded for each address', async () => {
    const device = await TestDevice.start();
    const sockets = Array.from({ length: 12 }, () =>
      connectTcp(device.transport.port, '127.0.0.1')
        .on('error', () => undefined)
        .resume(),
    );
    let left = sockets.length;

    await new Promise<void>((resolve) => {
      for (const socket of sockets) socket.once('close', () => --left === 8 && resolve());
    });

    expect(sockets.filter((socket) => !socket.destroyed)).toHaveLength(8);
    sockets.forEach((socket) => socket.destroy());
    await device.stop();
  });

  it('do not count once they have', async () => {
    const device = await TestDevice.start();
    const peers: RawPeer[] = [];
    for (let count = 0; count < 12; count++) peers.push(await RawPeer.greet(device));

    expect(peers.every((peer) => !peer.socket.destroyed)).toBe(true);
    await device.stop();
  });

  it('do not hold up the end of the device', async () => {
    const device = await TestDevice.start();
    const socket = connectTcp(device.transport.port, '127.0.0.1')
      .on('error', () => undefined)
      .resume();
    const peer = await RawPeer.connect(device);

    await device.stop();

    await peer.closed;
    socket.destroy();
  });
});
