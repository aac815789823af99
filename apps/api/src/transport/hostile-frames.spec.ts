import { encodeControl, FLAG_END, FrameType, MAX_CONTROL_BYTES, MAX_DATA_BYTES } from '@ferry/protocol';
import { contentAnswer } from './testing/content';
import { helloFrame, rawFrame, RawPeer, requestBytes } from './testing/raw-peer';
import { TestDevice } from './testing/test-device';

const text = (value: string): Uint8Array => Buffer.from(value);
const request = (payload: string, stream = 3): Uint8Array =>
  rawFrame({ type: FrameType.REQUEST, stream }, text(payload));
const concat = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);
const ping = rawFrame({ type: FrameType.PING }, new Uint8Array(8));

/** What a peer sends after its hello, and the code that it is told before the connection ends. */
const AFTER_HELLO: [string, string, Uint8Array][] = [
  ['an unknown type', 'MALFORMED_FRAME', rawFrame({ type: 99, stream: 3 })],
  ['type 0', 'MALFORMED_FRAME', rawFrame({ type: 0 })],
  ['1 MiB of zero bytes', 'MALFORMED_FRAME', new Uint8Array(1024 * 1024)],
  ['a length of 4 GiB', 'FRAME_TOO_LARGE', rawFrame({ type: FrameType.REQUEST, length: 0xffff_ffff, stream: 3 })],
  [
    'a control frame over the limit',
    'FRAME_TOO_LARGE',
    rawFrame({ type: FrameType.REQUEST, length: MAX_CONTROL_BYTES + 1, stream: 3 }),
  ],
  [
    'a DATA frame over the limit',
    'FRAME_TOO_LARGE',
    rawFrame({ type: FrameType.DATA, length: MAX_DATA_BYTES + 1, stream: 3 }),
  ],
  ['reserved bits', 'MALFORMED_FRAME', rawFrame({ type: FrameType.PING, reserved: 1 }, new Uint8Array(8))],
  ['unknown flags', 'MALFORMED_FRAME', rawFrame({ type: FrameType.PING, flags: 2 }, new Uint8Array(8))],
  ['a request on stream 0', 'MALFORMED_FRAME', request('{"pattern":"a"}', 0)],
  ['a request on a stream of ours', 'UNEXPECTED_MESSAGE', requestBytes(4, 'test.echo')],
  [
    'a request on a stream used before',
    'UNEXPECTED_MESSAGE',
    concat(requestBytes(3, 'test.echo'), requestBytes(3, 'test.echo')),
  ],
  [
    'a request on a falling stream',
    'UNEXPECTED_MESSAGE',
    concat(requestBytes(9, 'test.echo'), requestBytes(7, 'test.echo')),
  ],
  ['hello a second time', 'UNEXPECTED_MESSAGE', requestBytes(3, 'hello', { protocol: 1, name: 'x', features: [] })],
  [
    'DATA that nobody asked for',
    'UNEXPECTED_MESSAGE',
    rawFrame({ type: FrameType.DATA, stream: 2 }, new Uint8Array(100)),
  ],
  [
    'DATA on a stream of the peer',
    'UNEXPECTED_MESSAGE',
    concat(requestBytes(3, 'test.wait'), rawFrame({ type: FrameType.DATA, stream: 3 }, new Uint8Array(100))),
  ],
  [
    'an answer to no request',
    'UNEXPECTED_MESSAGE',
    rawFrame({ type: FrameType.RESPONSE, flags: FLAG_END, stream: 2 }, text('{}')),
  ],
  [
    'an error for no request',
    'UNEXPECTED_MESSAGE',
    rawFrame({ type: FrameType.ERROR, flags: FLAG_END, stream: 2 }, text('{"code":1,"name":"X","message":""}')),
  ],
  ['CANCEL of a stream never opened', 'UNEXPECTED_MESSAGE', rawFrame({ type: FrameType.CANCEL, stream: 0xffff_ffff })],
  ['a payload that is not JSON', 'MALFORMED_MESSAGE', request('{pattern')],
  [
    'a payload that is not UTF-8',
    'MALFORMED_MESSAGE',
    rawFrame({ type: FrameType.REQUEST, stream: 3 }, Buffer.from([0x22, 0xff, 0xfe, 0x22])),
  ],
  ['bytes after the JSON value', 'MALFORMED_MESSAGE', request('{"pattern":"test.echo"} x')],
  ['60,000 brackets', 'MALFORMED_MESSAGE', request('['.repeat(60_000))],
  ['a key twice', 'MALFORMED_MESSAGE', request('{"pattern":"a","pattern":"b"}')],
  ['a number that is not finite', 'MALFORMED_MESSAGE', request('{"pattern":"a","data":1e400}')],
  ['a request without a pattern', 'MALFORMED_MESSAGE', request('{"data":1}')],
  ['a pattern that is no string', 'MALFORMED_MESSAGE', request('{"pattern":{"a":1}}')],
  ['100,000 PINGs in one write', 'TOO_MANY_REQUESTS', concat(...Array<Uint8Array>(100_000).fill(ping))],
  [
    '1,000 CANCELs of an opened stream',
    'TOO_MANY_REQUESTS',
    concat(
      requestBytes(3, 'test.wait'),
      ...Array<Uint8Array>(1_000).fill(rawFrame({ type: FrameType.CANCEL, stream: 3 })),
    ),
  ],
  [
    '10,000 events',
    'TOO_MANY_REQUESTS',
    concat(...Array<Uint8Array>(10_000).fill(rawFrame({ type: FrameType.EVENT }, encodeControl({ pattern: 'x' })))),
  ],
  [
    '1,000 requests that stay open',
    'TOO_MANY_REQUESTS',
    concat(...Array.from({ length: 1_000 }, (_, index) => requestBytes(3 + 2 * index, 'test.wait'))),
  ],
];

/** What a peer sends in place of its hello. */
const BEFORE_HELLO: [string, string, Uint8Array][] = [
  ['another request', 'UNEXPECTED_MESSAGE', requestBytes(1, 'files.list')],
  ['PING', 'UNEXPECTED_MESSAGE', ping],
  ['an event', 'UNEXPECTED_MESSAGE', rawFrame({ type: FrameType.EVENT }, encodeControl({ pattern: 'x' }))],
  ['DATA', 'UNEXPECTED_MESSAGE', rawFrame({ type: FrameType.DATA, stream: 1 }, new Uint8Array(100))],
  ['HTTP/2', 'MALFORMED_FRAME', text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
  ['a hello without a name', 'MALFORMED_MESSAGE', helloFrame({ protocol: 1, features: [] })],
  ['a hello of another version', 'UNSUPPORTED_VERSION', helloFrame({ protocol: 2, name: 'x', features: [] })],
];

describe('a session is ended, the process goes on, when a peer sends', () => {
  let device: TestDevice;
  beforeAll(async () => {
    device = await TestDevice.start({
      handlers: {
        'test.echo': (data) => data,
        'test.wait': (_data, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
        'test.read': () => contentAnswer(1),
      },
    });
  });
  afterAll(() => device.stop());

  async function expectEnd(peer: RawPeer, bytes: Uint8Array, name: string): Promise<void> {
    peer.send(bytes);
    await peer.closed;
    const last = peer.frames.at(-1);
    expect(peer.lastMessage()).toMatchObject({ type: FrameType.ERROR, stream: 0, value: { name } });
    expect((last?.payload.length ?? 0) + 12).toBeLessThanOrEqual(256);
  }

  it.each(AFTER_HELLO)('%s', async (_what, name, bytes) => {
    await expectEnd(await RawPeer.greet(device), bytes, name);
  });

  it.each(BEFORE_HELLO)('%s before hello', async (_what, name, bytes) => {
    await expectEnd(await RawPeer.connect(device), bytes, name);
  });

  it('an ERROR of its own, or GOODBYE, and then more', async () => {
    const goodbye = rawFrame({ type: FrameType.GOODBYE }, encodeControl({ code: 0, message: 'bye' }));
    const peer = await RawPeer.greet(device);
    peer.send(concat(goodbye, ping, requestBytes(3, 'test.echo')));
    await peer.closed;
    expect(peer.frames).toHaveLength(1);
  });
});

describe('a peer may', () => {
  let device: TestDevice;
  let peer: RawPeer;
  beforeAll(async () => {
    device = await TestDevice.start({ handlers: { 'test.echo': (data) => data } });
  });
  beforeEach(async () => {
    peer = await RawPeer.greet(device);
  });
  afterEach(() => peer.socket.destroy());
  afterAll(() => device.stop());

  it('cut its frames anywhere', async () => {
    for (const byte of concat(requestBytes(3, 'test.echo', 'cut'), ping)) peer.send(Uint8Array.of(byte));
    await peer.frameCount(3);
    expect(peer.frames.map(({ header }) => header.type).toSorted()).toEqual([
      FrameType.RESPONSE,
      FrameType.RESPONSE,
      FrameType.PONG,
    ]);
  });

  it('skip streams, and cancel one that has ended', async () => {
    peer.send(requestBytes(301, 'test.echo', 1));
    await peer.frameCount(2);
    peer.send(
      concat(
        rawFrame({ type: FrameType.CANCEL, stream: 301 }),
        rawFrame({ type: FrameType.CANCEL, stream: 7 }),
        requestBytes(303, 'test.echo', 2),
      ),
    );
    await peer.frameCount(3);
    expect(peer.lastMessage()).toMatchObject({ stream: 303, value: 2 });
  });

  it('send unknown events, and fields that we do not know', async () => {
    peer.send(rawFrame({ type: FrameType.EVENT }, encodeControl({ pattern: 'x.y', data: {}, more: 1 })));
    peer.send(
      rawFrame({ type: FrameType.REQUEST, stream: 3 }, encodeControl({ pattern: 'test.echo', data: 1, more: 2 })),
    );
    await peer.frameCount(2);
    expect(peer.lastMessage()).toMatchObject({ value: 1 });
  });

  it('call itself whatever it likes', async () => {
    const named = await RawPeer.connect(device);
    named.send(
      helloFrame({ protocol: 1, name: `<b>\u202Ename${'x'.repeat(60_000)}`, features: ['later.thing'], later: true }),
    );
    await named.frameCount(1);
    expect(named.lastMessage()).toMatchObject({ value: { protocol: 1 } });
    named.socket.destroy();
  });
});

describe('deadlines', () => {
  it('end a session whose frame does not come to its end', async () => {
    const device = await TestDevice.start({ deadlines: { frameMs: 200 } });
    const peer = await RawPeer.greet(device);
    peer.send(rawFrame({ type: FrameType.REQUEST, length: 100, stream: 3 }, new Uint8Array(99)));
    await peer.closed;
    expect(peer.lastMessage()).toMatchObject({ value: { name: 'TIMEOUT' } });
    await device.stop();
  });

  it('end a silent session after asking for a sign of life', async () => {
    const device = await TestDevice.start({ deadlines: { pingAfterMs: 150, idleMs: 400 } });
    const peer = await RawPeer.greet(device);
    await peer.closed;
    const types = peer.frames.map(({ header }) => header.type);
    expect(types).toContain(FrameType.PING);
    expect(peer.lastMessage()).toMatchObject({ value: { name: 'TIMEOUT' } });
    await device.stop();
  });

  it('spare a session that answers', async () => {
    const deadlines = { pingAfterMs: 100, idleMs: 500 };
    const device = await TestDevice.start({ deadlines });
    const peer = await RawPeer.greet(device);
    const token = new Uint8Array(8);
    for (let count = 2; count < 10; count++) {
      await peer.frameCount(count);
      peer.send(rawFrame({ type: FrameType.PONG }, token));
    }
    expect(peer.socket.destroyed).toBe(false);
    peer.socket.destroy();
    await device.stop();
  });
});
