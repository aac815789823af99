import { DEFAULT_DEADLINES, FrameType, type RequestMessage } from '@ferry/protocol';
import { MAX_OUTBOUND_DATA_BYTES, USUAL_FRAME_BYTES } from './limits';
import { PeerSession } from './peer-session';
import { MemoryHost } from './testing/campaign/memory-link';
import { contentAnswer } from './testing/content';
import { HeldStream } from './testing/held-stream';
import { helloFrame, rawFrame, requestBytes } from './testing/raw-peer';

const FRAMES_AHEAD = MAX_OUTBOUND_DATA_BYTES / USUAL_FRAME_BYTES;
const FRAMES = 20;

/** `test.read` streams DATA, everything else is answered at once. */
const answer = async (_session: PeerSession, { pattern, data }: RequestMessage): Promise<unknown> =>
  pattern === 'test.read' ? contentAnswer(Number(data)) : data;

describe('frames that wait for a full line', () => {
  let line: HeldStream;
  beforeEach(async () => {
    line = new HeldStream();
    const origin = { peerId: 'A'.repeat(56), isDialler: false, remoteAddress: '127.0.0.1:1' };
    new PeerSession(line, origin, new MemoryHost('listener', answer));
    await line.hear(helloFrame());
    await line.takeWrite();
  });
  afterEach(() => line.destroy());

  async function take(writes: number): Promise<void> {
    for (let count = 0; count < writes; count++) await line.takeWrite();
  }
  const sent = (): string[] => line.headers.map(({ type, stream }) => `${type} on ${stream}`);
  const DATA = FrameType.DATA;

  it('let DATA of two streams alternate, though one asked long before', async () => {
    await line.hear(requestBytes(3, 'test.read', FRAMES));
    await take(5);
    await line.hear(requestBytes(5, 'test.read', FRAMES));
    const before = sent().length;
    await take(FRAMES);

    const [, ...after] = sent().slice(before + FRAMES_AHEAD);
    const expected = after.map(
      (_frame, index) => `${DATA} on ${(index + (after[0] === `${DATA} on 3` ? 0 : 1)) % 2 ? 5 : 3}`,
    );
    expect(after.length).toBeGreaterThan(10);
    expect(after).toEqual(expected);
  });

  it('let an answer overtake all DATA but the frame that is being written', async () => {
    await line.hear(requestBytes(3, 'test.read', FRAMES));
    await line.hear(requestBytes(5, 'test.read', FRAMES));
    await take(6);
    const before = sent().length;

    await line.hear(requestBytes(7, 'test.echo', 'small'));
    await take(1);

    expect(sent()[before]).toBe(`${FrameType.RESPONSE} on 7`);
  });

  it('let PONG overtake them as well', async () => {
    await line.hear(requestBytes(3, 'test.read', FRAMES));
    await take(6);
    const before = sent().length;

    await line.hear(rawFrame({ type: FrameType.PING }, new Uint8Array(8)));
    await take(1);

    expect(sent()[before]).toBe(`${FrameType.PONG} on 0`);
  });

  it('keep an answer behind the DATA of its own stream', async () => {
    await line.hear(requestBytes(3, 'test.read', 4));
    await line.hear(requestBytes(5, 'test.read', 4));
    await take(20); // more turns than writes: the streams take theirs as there is room

    for (const stream of [3, 5]) {
      const own = sent().filter((frame) => frame.endsWith(`on ${stream}`));
      expect(own).toEqual([...Array<string>(4).fill(`${DATA} on ${stream}`), `${FrameType.RESPONSE} on ${stream}`]);
    }
  });
});

describe('a line that takes nothing more', () => {
  it('ends the session by the deadline of a write, though only small frames wait and the peer keeps talking', async () => {
    const line = new HeldStream();
    const deadlines = { ...DEFAULT_DEADLINES, writeMs: 200, closeMs: 50 };
    const host = Object.assign(new MemoryHost('listener', answer), { deadlines });
    const session = new PeerSession(
      line,
      { peerId: 'A'.repeat(56), isDialler: false, remoteAddress: '127.0.0.1:1' },
      host,
    );
    await line.hear(helloFrame()); // its answer stays in the first write
    const talk = setInterval(() => line.push(rawFrame({ type: FrameType.PING }, new Uint8Array(8))), 20);

    const error = await new Promise((resolve) => session.onClose(resolve));

    clearInterval(talk);
    expect(error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('write') });
    expect(line.headers).toHaveLength(1);
    await session.gone;
  });
});
