import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { encodeControl, FrameType, MAX_UNGREETED } from '@ferry/protocol';
import { clientOptions, serverOptions } from './tls-options';
import { HashingReceiver } from './testing/content';
import { helloFrame, rawFrame, RawPeer, requestBytes } from './testing/raw-peer';
import { newIdentity, TestDevice } from './testing/test-device';
import { TlsRecords } from './testing/tls-records';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

/** A client whose TCP socket the test has in its hands. */
interface Line {
  readonly tcp: Socket;
  readonly tls: TLSSocket;
  /** Of the client's application data. */
  readonly secret: Promise<Buffer>;
}

async function openLine(device: TestDevice, localAddress = '127.0.0.1'): Promise<Line> {
  const identity = await newIdentity();
  const target = { port: device.transport.port, host: '127.0.0.1', localAddress, allowHalfOpen: true };
  const tcp = connectTcp(target).on('error', () => undefined);
  const tls = connectTls({ ...clientOptions(identity), socket: tcp }).on('error', () => undefined);
  const secret = new Promise<Buffer>((resolve) =>
    tls.on('keylog', (line: Buffer) => {
      const [label, , value = ''] = line.toString().trim().split(' ');
      if (label === 'CLIENT_TRAFFIC_SECRET_0') resolve(Buffer.from(value, 'hex'));
    }),
  );
  return { tcp, tls, secret };
}

async function greetedLine(device: TestDevice): Promise<Line> {
  const line = await openLine(device);
  await once(line.tls, 'secureConnect');
  line.tls.write(helloFrame());
  await once(line.tls, 'data');
  return line;
}

describe('a line that breaks', () => {
  let device: TestDevice;
  beforeEach(async () => {
    device = await TestDevice.start({ handlers: { 'test.wait': () => new Promise(() => undefined) } });
  });
  afterEach(async () => {
    const honest = await RawPeer.greet(device); // whatever came before, the device goes on
    honest.socket.destroy();
    await device.stop();
  });

  it.each(['with', 'without'])('ends the session when the peer half-closes %s a word, and reads on', async (how) => {
    const { tcp, tls } = await greetedLine(device);
    const session = await device.nextSession();
    if (how === 'with') tls.end();
    else tcp.end();
    tls.resume();

    await session.gone;

    tcp.destroy();
    expect(device.transport.sessionOf(session.peerId)).toBeUndefined();
  });

  it.each([
    ['when it is there', () => Promise.resolve()],
    [
      'after a part of the ClientHello',
      async ({ tcp }: Line) => void tcp.write(Buffer.from('1603010200010001fc', 'hex')),
    ],
    ['after the ServerHello', async ({ tls }: Line) => void (await once(tls, 'keylog'))],
    ['after the handshake', async ({ tls }: Line) => void (await once(tls, 'secureConnect'))],
    [
      'with half a hello on its way',
      async ({ tls }: Line) => {
        await once(tls, 'secureConnect');
        tls.write(helloFrame().subarray(0, 20));
      },
    ],
    [
      'after hello, with a request open',
      async ({ tls }: Line) => {
        await once(tls, 'secureConnect');
        tls.write(Buffer.concat([helloFrame(), requestBytes(3, 'test.wait')]));
        await once(tls, 'data');
      },
    ],
  ])('is forgotten when it is reset %s', async (_when, reach) => {
    const before = await connectionCount(device);
    const line = await openLine(device);
    await once(line.tcp, 'connect');
    await reach(line);
    line.tcp.resetAndDestroy();
    while ((await connectionCount(device)) > before) await new Promise(setImmediate);
  });
});

function connectionCount(device: TestDevice): Promise<number> {
  return new Promise((resolve, reject) =>
    device.transport.unwrap().getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

describe('a source that vanishes in the middle of DATA', () => {
  it.each(['FIN without close_notify', 'a reset'])('by %s fails the request, which never completes', async (how) => {
    const device = await TestDevice.start();
    const sockets: Socket[] = [];
    const tcp = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    const hello = encodeControl({ protocol: 1, name: 'raw', features: [] });
    const tls = createTlsServer(serverOptions(await newIdentity(), 5_000), (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(rawFrame({ type: FrameType.RESPONSE, flags: 1, stream: 1 }, hello));
        socket.once('data', () => {
          const whole = rawFrame({ type: FrameType.DATA, stream: 3 }, new Uint8Array(8 + 100_000));
          socket.write(whole.subarray(0, 60_000), () =>
            how === 'a reset' ? sockets[0]?.resetAndDestroy() : sockets[0]?.end(),
          );
        });
      });
    });
    tcp.on('connection', (socket) => tls.emit('connection', socket));
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const session = await device.transport.dial(`127.0.0.1:${(tcp.address() as AddressInfo).port}`);
    const receiver = new HashingReceiver();

    await expect(session.requestData('test.read', null, receiver)).rejects.toMatchObject({ code: 'SESSION_CLOSED' });

    expect(receiver.framesReceived).toBe(0);
    await session.gone;
    tcp.close();
    await device.stop();
  });
});

describe('empty TLS records', () => {
  it('by the hundred thousand cost little and harm nobody', async () => {
    const device = await TestDevice.start();
    const { tcp, tls, secret } = await greetedLine(device);
    tls.removeAllListeners('data').resume();
    const records = new TlsRecords(await secret, 1); // the hello was the first
    const flood = Buffer.concat(Array.from({ length: 100_000 }, () => records.next(new Uint8Array(0))));
    const cpuBefore = process.cpuUsage();
    const gone = closed(tcp);
    tcp.write(flood);
    tcp.end(records.next(rawFrame({ type: FrameType.PING }, new Uint8Array(8))));

    await gone;

    const { user, system } = process.cpuUsage(cpuBefore);
    expect((user + system) / 1e6).toBeLessThan(1);
    const honest = await RawPeer.greet(device);
    honest.socket.destroy();
    await device.stop();
  });
});

onLinux('very many connections that stall', () => {
  it.each([
    ['eight addresses', 8],
    ['a hundred addresses', 100],
  ])('from %s keep no honest device out', async (_from, addresses) => {
    const device = await TestDevice.start();
    const stalled = Array.from({ length: 512 }, (_, index) =>
      connectTcp({ port: device.transport.port, host: '127.0.0.1', localAddress: `127.0.0.${2 + (index % addresses)}` })
        .on('error', () => undefined)
        .resume(),
    );
    await new Promise<void>((resolve) => {
      let left = stalled.length;
      for (const socket of stalled) socket.once('close', () => --left === MAX_UNGREETED && resolve());
    });
    const startedAt = performance.now();

    const honest = await RawPeer.greet(device);

    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(await connectionCount(device)).toBeLessThanOrEqual(MAX_UNGREETED + 1);
    honest.socket.destroy();
    stalled.forEach((socket) => socket.destroy());
    await device.stop();
  });
});
