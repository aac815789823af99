import { FrameType, ProtocolError } from '@ferry/protocol';
import { DataAnswer } from './data-answer';
import { DATA_FRAME_BYTES, MAX_OUTBOUND_DATA_BYTES } from './limits';
import { contentAnswer, contentHash, HashingReceiver, writeContent } from './testing/content';
import { RawPeer, requestBytes } from './testing/raw-peer';
import { linkDevices, TestDevice, type Link } from './testing/test-device';

/** 64 MiB. */
const FRAMES = 512;

describe('DATA', () => {
  let link: Link;
  afterEach(() => link.stop());

  it.each(['dialler', 'listener'] as const)('streams 64 MiB to the %s in order, then the response', async (asker) => {
    const handlers = { 'test.read': () => contentAnswer(FRAMES) };
    link = await linkDevices({ dialler: { handlers }, listener: { handlers } });
    const [session, source] = asker === 'dialler' ? [link.near, link.far] : [link.far, link.near];
    const receiver = new HashingReceiver();

    await expect(session.requestData('test.read', null, receiver)).resolves.toEqual({ frames: FRAMES });

    expect(receiver.framesReceived).toBe(FRAMES);
    expect(receiver.digest()).toBe(contentHash(FRAMES));
    expect(source.peakOutboundBytes).toBeLessThanOrEqual(MAX_OUTBOUND_DATA_BYTES);
    expect(session.bytesIn).toBeGreaterThan(FRAMES * DATA_FRAME_BYTES);
    expect(source.bytesOut).toBe(session.bytesIn);
  });

  it('carries several streams at a time without mixing them up', async () => {
    link = await linkDevices({ listener: { handlers: { 'test.read': (frames) => contentAnswer(Number(frames)) } } });
    const lengths = [40, 25, 10, 1];
    const receivers = lengths.map(() => new HashingReceiver());

    const answers = await Promise.all(
      lengths.map((frames, index) => link.near.requestData('test.read', frames, receivers[index] as HashingReceiver)),
    );

    expect(answers).toEqual(lengths.map((frames) => ({ frames })));
    expect(receivers.map((receiver) => receiver.digest())).toEqual(lengths.map(contentHash));
  });

  it('answers small requests while a bulk stream runs', async () => {
    let isBulkDone = false;
    link = await linkDevices({
      listener: { handlers: { 'test.read': () => contentAnswer(FRAMES), 'test.echo': (data) => data } },
    });
    const bulk = link.near.requestData('test.read', null, new HashingReceiver()).then(() => (isBulkDone = true));

    for (let count = 0; count < 10; count++) await link.near.request('test.echo', count);

    expect(isBulkDone).toBe(false);
    await bulk;
  });

  it('lets a later, smaller stream end before an earlier, bigger one', async () => {
    const order: string[] = [];
    link = await linkDevices({ listener: { handlers: { 'test.read': (frames) => contentAnswer(Number(frames)) } } });
    const read = async (name: string, frames: number): Promise<void> => {
      await link.near.requestData('test.read', frames, new HashingReceiver());
      order.push(name);
    };

    await Promise.all([read('big', FRAMES), read('small', 16)]);

    expect(order).toEqual(['small', 'big']);
  });

  it('stops a cancelled stream, ignores its late frames and gives its memory back', async () => {
    let stopped: (error: unknown) => void = () => undefined;
    const isStopped = new Promise<unknown>((resolve) => (stopped = resolve));
    const endless = new DataAnswer((writer) =>
      writeContent(writer, Infinity).catch((error: unknown) => {
        stopped(error);
        throw error;
      }),
    );
    link = await linkDevices({
      listener: { handlers: { 'test.endless': () => endless, 'test.read': () => contentAnswer(8) } },
    });
    const abort = new AbortController();
    const receiver = new HashingReceiver();
    const end = receiver.end.bind(receiver);
    receiver.end = () => {
      end();
      if (receiver.framesReceived === 20) abort.abort();
    };

    await expect(link.near.requestData('test.endless', null, receiver, abort.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });

    await expect(isStopped).resolves.toMatchObject({ name: 'AbortError' });
    expect(receiver.framesReceived).toBe(20);
    const after = new HashingReceiver();
    await link.near.requestData('test.read', null, after);
    expect(after.digest()).toBe(contentHash(8));
  });

  it('ends the session when the receiver does not want a frame', async () => {
    link = await linkDevices({ listener: { handlers: { 'test.read': () => contentAnswer(4) } } });
    const receiver = new HashingReceiver();
    receiver.begin = () => {
      throw new ProtocolError('INVALID_RANGE', 'not asked for');
    };

    await expect(link.near.requestData('test.read', null, receiver)).rejects.toMatchObject({
      code: 'SESSION_CLOSED',
      cause: { code: 'INVALID_RANGE' },
    });
    await link.far.gone;
  });

  it('ends the session when DATA comes for a request that expects none', async () => {
    link = await linkDevices({ listener: { handlers: { 'test.read': () => contentAnswer(4) } } });

    await expect(link.near.request('test.read', null)).rejects.toMatchObject({
      code: 'SESSION_CLOSED',
      cause: { code: 'UNEXPECTED_MESSAGE' },
    });
  });

  it('sends an error after DATA when the handler fails on its way', async () => {
    const failing = new DataAnswer(async (writer) => {
      await writeContent(writer, 3);
      throw new ProtocolError('FILE_CHANGED', 'the file has changed');
    });
    link = await linkDevices({ listener: { handlers: { 'test.read': () => failing } } });

    await expect(link.near.requestData('test.read', null, new HashingReceiver())).rejects.toMatchObject({
      remoteCode: 'FILE_CHANGED',
    });
    expect(link.near.isOpen).toBe(true);
  });
});

describe('a peer that asks and does not read', () => {
  it('holds a bounded queue, and is dropped at the deadline', async () => {
    const device = await TestDevice.start({
      deadlines: { writeMs: 300 },
      handlers: { 'test.endless': () => contentAnswer(Infinity) },
    });
    const peer = await RawPeer.greet(device);
    const session = await device.nextSession();
    peer.socket.pause();
    for (const stream of [3, 5, 7]) peer.send(requestBytes(stream, 'test.endless'));

    const error = await new Promise((resolve) => session.onClose(resolve));

    expect(error).toMatchObject({ code: 'TIMEOUT' });
    expect(session.peakOutboundBytes).toBe(MAX_OUTBOUND_DATA_BYTES);
    await session.gone;
    peer.socket.destroy();
    await device.stop();
  });

  it('gets everything when it reads again', async () => {
    const device = await TestDevice.start({ handlers: { 'test.read': () => contentAnswer(200) } });
    const peer = await RawPeer.greet(device);
    peer.socket.pause();
    peer.send(requestBytes(3, 'test.read'));
    peer.send(requestBytes(5, 'test.read'));
    peer.socket.resume();

    await peer.frameCount(1 + 2 * 201);

    const data = peer.frames.filter(({ header }) => header.type === FrameType.DATA);
    expect(data).toHaveLength(400);
    expect(data.every(({ payload }) => payload[8] === payload.at(-1))).toBe(true);
    peer.socket.destroy();
    await device.stop();
  });
});
