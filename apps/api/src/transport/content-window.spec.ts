import { once } from 'node:events';
import { BLOCK_BYTES, FrameType, MAX_DATA_BYTES, MAX_LATE_DATA_BYTES, MAX_OUTSTANDING_BYTES } from '@ferry/protocol';
import { DataAnswer, type DataReceiver } from './data-answer';
import { DATA_FRAME_BYTES } from './limits';
import { writeContent } from './testing/content';
import { rawFrame, RawPeer, requestBytes } from './testing/raw-peer';
import { TestDevice } from './testing/test-device';

const FRAMES_PER_BLOCK = BLOCK_BYTES / DATA_FRAME_BYTES;
const BLOCKS = MAX_OUTSTANDING_BYTES / BLOCK_BYTES;

/** Answers with so many blocks, and counts them against the window. */
const blocks = (count: unknown): DataAnswer =>
  new DataAnswer(
    async (writer) => {
      await writeContent(writer, Number(count) * FRAMES_PER_BLOCK);
      return {};
    },
    Number(count) * BLOCK_BYTES,
  );

/** Counts against the window and sends nothing until it is cancelled. */
const held = (count: unknown): DataAnswer =>
  new DataAnswer(
    async (_writer, signal) => {
      if (!signal.aborted) await once(signal, 'abort');
      signal.throwIfAborted();
    },
    Number(count) * BLOCK_BYTES,
  );

const cancel = (stream: number): Uint8Array => rawFrame({ type: FrameType.CANCEL, stream });

describe('the window of content', () => {
  let device: TestDevice;
  let peer: RawPeer;
  beforeAll(async () => {
    device = await TestDevice.start({
      handlers: {
        'test.read': blocks,
        'test.hold': held,
        'test.refuse': () => new DataAnswer(() => Promise.reject(new Error('broken')), MAX_OUTSTANDING_BYTES),
      },
    });
  });
  beforeEach(async () => {
    peer = await RawPeer.greet(device);
  });
  afterEach(() => peer.socket.destroy());
  afterAll(() => device.stop());

  const endedStreams = (): number =>
    peer.frames.filter(({ header }) => header.stream > 1 && header.type !== FrameType.DATA).length;
  async function untilEnded(count: number): Promise<void> {
    while (endedStreams() < count) await once(peer.socket, 'data');
  }

  it('lets a peer ask for all of it at once', async () => {
    for (let index = 0; index < 4; index++) peer.send(requestBytes(3 + 2 * index, 'test.read', BLOCKS / 4));

    await untilEnded(4);

    expect(peer.frames.every(({ header }) => header.type !== FrameType.ERROR)).toBe(true);
  });

  it('ends the session of who asks for more', async () => {
    peer.send(requestBytes(3, 'test.hold', BLOCKS - 1));
    peer.send(requestBytes(5, 'test.hold', 1));
    peer.send(requestBytes(7, 'test.hold', 1));

    await peer.closed;

    expect(peer.lastMessage()).toMatchObject({
      type: FrameType.ERROR,
      stream: 0,
      value: { name: 'TOO_MANY_REQUESTS' },
    });
  });

  it('ends the session of who asks for too much in one request', async () => {
    peer.send(requestBytes(3, 'test.hold', BLOCKS + 1));

    await peer.closed;

    expect(peer.lastMessage()).toMatchObject({ value: { name: 'TOO_MANY_REQUESTS' } });
  });

  it('moves on as a peer receives: what it has, it may ask for again at once', async () => {
    // The last byte of an answer and the next request may cross: the sender must have stopped counting before.
    const ROUNDS = 3 * BLOCKS;
    let asked = 0;
    const ask = (): void => peer.send(requestBytes(3 + 2 * asked++, 'test.read', 1));
    for (let index = 0; index < BLOCKS; index++) ask();

    for (let received = 0; received < ROUNDS;) {
      await once(peer.socket, 'data');
      for (; received < endedStreams(); received++) if (asked < ROUNDS) ask();
    }

    expect(peer.socket.destroyed).toBe(false);
    expect(endedStreams()).toBe(ROUNDS);
  });

  it('is free again at once after CANCEL', async () => {
    for (let round = 0; round < 20; round++) {
      peer.send(requestBytes(3 + 2 * round, 'test.hold', BLOCKS));
      peer.send(cancel(3 + 2 * round));
    }
    peer.send(requestBytes(101, 'test.read', BLOCKS));

    await untilEnded(21);

    expect(peer.lastMessage()).toMatchObject({ type: FrameType.RESPONSE, stream: 101 });
  });

  it('is free again after an answer that failed', async () => {
    for (let round = 0; round < 5; round++) {
      peer.send(requestBytes(3 + 2 * round, 'test.refuse'));
      await untilEnded(round + 1);
    }
    expect(peer.socket.destroyed).toBe(false);
  });
});

describe('a cancelled request of ours', () => {
  const drop: DataReceiver = { begin: () => undefined, bytes: () => undefined, end: () => undefined };
  let device: TestDevice;
  beforeEach(async () => {
    device = await TestDevice.start();
  });
  afterEach(() => device.stop());

  async function cancelOnce(): Promise<{ peer: RawPeer; stream: number }> {
    const peer = await RawPeer.greet(device);
    const session = await device.nextSession();
    const abort = new AbortController();
    const answer = session.requestData('test.read', null, drop, abort.signal);
    await peer.frameCount(2);
    abort.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    return { peer, stream: peer.frames[1]?.header.stream ?? 0 };
  }
  const data = (stream: number): Uint8Array =>
    rawFrame({ type: FrameType.DATA, stream }, new Uint8Array(MAX_DATA_BYTES));

  it('ignores the DATA that was on its way', async () => {
    const { peer, stream } = await cancelOnce();
    for (let bytes = 0; bytes < MAX_OUTSTANDING_BYTES; bytes += MAX_DATA_BYTES) peer.send(data(stream));
    peer.send(rawFrame({ type: FrameType.PING }, new Uint8Array(8)));

    await peer.frameCount(4); // hello, REQUEST, CANCEL, PONG

    expect(peer.frames.at(-1)?.header.type).toBe(FrameType.PONG);
    peer.socket.destroy();
  });

  it('ends the session when DATA goes on without an end', async () => {
    const { peer, stream } = await cancelOnce();
    for (let bytes = 0; bytes <= MAX_LATE_DATA_BYTES; bytes += MAX_DATA_BYTES) peer.send(data(stream));

    await peer.closed;

    expect(peer.lastMessage()).toMatchObject({ value: { name: 'UNEXPECTED_MESSAGE' } });
  });
});
