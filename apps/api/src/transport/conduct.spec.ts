import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { DEFAULT_DEADLINES, MAX_VIOLATIONS_PER_ADDRESS, MAX_VIOLATIONS_PER_DEVICE } from '@ferry/protocol';
import { rawFrame, RawPeer, helloFrame, requestBytes } from './testing/raw-peer';
import { linkDevices, newIdentity, TestDevice } from './testing/test-device';
import { clientOptions } from './tls-options';

/** Source addresses that only Linux has without being told to. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;
const NONSENSE = rawFrame({ type: 99 });

/** Resolves when the listener has dropped the connection. */
async function talkHttp(device: TestDevice, localAddress = '127.0.0.1'): Promise<void> {
  const socket = connectTcp({ port: device.transport.port, host: '127.0.0.1', localAddress });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined).resume();
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await closed;
}

async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done++) await work();
}

async function answersHello(device: TestDevice, options: object): Promise<boolean> {
  try {
    const peer = await RawPeer.connect(device, options);
    peer.send(helloFrame());
    await Promise.race([peer.frameCount(1), peer.closed]);
    peer.socket.destroy();
    return peer.frames.length > 0;
  } catch {
    return false; // reset before TLS was done
  }
}

describe('a device that breaks the protocol again and again', () => {
  let device: TestDevice;
  beforeEach(async () => {
    device = await TestDevice.start({ deadlines: { banMs: 400 } });
  });
  afterEach(() => device.stop());

  async function breakRules(identity: object, count: number): Promise<void> {
    await times(count, async () => {
      const peer = await RawPeer.connect(device, identity);
      peer.send(Buffer.concat([helloFrame(), NONSENSE]));
      await peer.closed;
    });
  }

  it('is refused after TLS, whoever else is welcome, until the ban ends', async () => {
    const identity = clientOptions(await newIdentity());
    const other = clientOptions(await newIdentity());

    await breakRules(identity, MAX_VIOLATIONS_PER_DEVICE - 1);
    expect(await answersHello(device, identity)).toBe(true);
    await breakRules(identity, 1);

    expect(await answersHello(device, identity)).toBe(false);
    expect(await answersHello(device, other)).toBe(true);
    while (!(await answersHello(device, identity))); // as often as it takes: the ban is over by then
  });

  it('is not dialled either, and says so in words', async () => {
    const identity = await newIdentity();
    await breakRules(clientOptions(identity), MAX_VIOLATIONS_PER_DEVICE);

    await expect(device.transport.dial('127.0.0.1:1', { expectedId: identity.deviceId })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('is refused for 1 min'),
    });
  });

  it('is refused as a listener as well, where only its key tells who it is', async () => {
    const broken = await TestDevice.start({ handlers: { 'test.echo': () => 1 } });
    await breakRules(clientOptions(broken.identity), MAX_VIOLATIONS_PER_DEVICE);

    await expect(device.transport.dial(broken.address)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await broken.stop();
  });

  it('is not one that was forgotten, has an old version, or comes too often', async () => {
    const identity = clientOptions(await newIdentity());
    device.transport.useTrust(() => false);
    await times(MAX_VIOLATIONS_PER_DEVICE, async () => {
      for (const bytes of [requestBytes(3, 'files.list'), helloFrame({ protocol: 2, name: 'x', features: [] })]) {
        const peer = await RawPeer.connect(device, identity);
        peer.send(bytes.length > 60 ? bytes : Buffer.concat([helloFrame(), bytes]));
        await peer.closed;
      }
    });

    expect(await answersHello(device, identity)).toBe(true);
  });
});

onLinux('an address from which the protocol is broken again and again', () => {
  const hostile = '127.0.0.66';
  let device: TestDevice;
  beforeEach(async () => {
    device = await TestDevice.start({ deadlines: { banMs: 400, handshakeMs: 300, helloMs: 300 } });
    device.transport.useTrust(() => false);
  });
  afterEach(() => device.stop());
  const isWelcome = async (localAddress: string): Promise<boolean> =>
    answersHello(device, { ...clientOptions(await newIdentity()), localAddress });

  it('is refused when it connects, until the ban ends; others are not', async () => {
    await times(MAX_VIOLATIONS_PER_ADDRESS - 1, () => talkHttp(device, hostile));
    expect(await isWelcome(hostile)).toBe(true);
    await talkHttp(device, hostile);

    expect(await isWelcome(hostile)).toBe(false);
    expect(await isWelcome('127.0.0.67')).toBe(true);
    while (!(await isWelcome(hostile)));
  });

  it('counts strangers with ever new keys', async () => {
    await times(MAX_VIOLATIONS_PER_ADDRESS, async () => {
      const peer = await RawPeer.connect(device, { localAddress: hostile });
      peer.send(Buffer.concat([helloFrame(), NONSENSE]));
      await peer.closed;
    });

    expect(await isWelcome(hostile)).toBe(false);
  });

  it('counts handshakes and hellos that never come', async () => {
    const stall = async (): Promise<void> => {
      const socket = connectTcp({ port: device.transport.port, host: '127.0.0.1', localAddress: hostile });
      socket.on('error', () => undefined).resume();
      await once(socket, 'close');
    };
    const greetNever = async (): Promise<void> => (await RawPeer.connect(device, { localAddress: hostile })).closed;
    await Promise.all([stall(), stall(), stall(), stall(), greetNever(), greetNever(), greetNever(), greetNever()]);
    await times(MAX_VIOLATIONS_PER_ADDRESS - 9, () => talkHttp(device, hostile));
    expect(await isWelcome(hostile)).toBe(true);
    await talkHttp(device, hostile);

    expect(await isWelcome(hostile)).toBe(false);
  });

  it('counts nobody who just connects and goes', async () => {
    await times(2 * MAX_VIOLATIONS_PER_ADDRESS, async () => {
      const socket = connectTcp({ port: device.transport.port, host: '127.0.0.1', localAddress: hostile });
      await once(socket, 'connect');
      socket.destroy();
    });

    expect(await isWelcome(hostile)).toBe(true);
  });
});

describe('the address of a paired device with a session', () => {
  it('is not refused because of others there', async () => {
    const link = await linkDevices({ listener: { deadlines: DEFAULT_DEADLINES } });
    link.listener.transport.useTrust((id) => id === link.dialler.id);
    await times(MAX_VIOLATIONS_PER_ADDRESS + 5, () => talkHttp(link.listener));

    expect(await answersHello(link.listener, clientOptions(await newIdentity()))).toBe(true);
    await link.stop();
  });
});
