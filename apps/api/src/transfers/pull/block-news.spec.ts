import { EVENTS, MAX_AVAILABLE_RANGES, parseBlocksAvailable, type BlocksAvailable } from '@ferry/protocol';
import { linkDevices, type Link } from '../../transport/testing/test-device';
import { BlockNews } from './block-news';

const FILE_ID = 'f'.repeat(64);

describe('news of blocks', () => {
  let link: Link;
  let told: { readonly at: number; readonly message: BlocksAvailable }[];
  let listener: () => void;

  beforeEach(async () => {
    link = await linkDevices();
    told = [];
    listener = () => undefined;
    link.listener.transport.onEvent((_session, { pattern, data }) => {
      expect(pattern).toBe(EVENTS.blocksAvailable);
      told.push({ at: performance.now(), message: parseBlocksAvailable(data) });
      listener();
    });
  });
  afterEach(() => link.stop());

  const until = (isEnough: () => boolean) =>
    new Promise<void>((resolve) => {
      listener = () => isEnough() && resolve();
      listener();
    });
  const blocksTold = () =>
    told.flatMap(({ message }) =>
      message.ranges.flatMap(([first, count]) => Array.from({ length: count }, (_, index) => first + index)),
    );

  it('tell each block once, ascending runs joined, at most once a second', async () => {
    const news = new BlockNews(link.near, FILE_ID);
    news.add([]);
    news.add([2, 0, 1]);
    news.add([9]);
    news.add([3, 10]);
    await until(() => told.length === 2);
    expect(told.map(({ message }) => message)).toEqual([
      { fileId: FILE_ID, ranges: [[0, 3]] },
      {
        fileId: FILE_ID,
        ranges: [
          [3, 1],
          [9, 2],
        ],
      },
    ]);
    expect((told[1]?.at ?? 0) - (told[0]?.at ?? 0)).toBeGreaterThan(900);
  });

  it('tell what does not fit one message in the next ones', async () => {
    const blocks = Array.from({ length: MAX_AVAILABLE_RANGES + 10 }, (_, index) => 2 * index);
    new BlockNews(link.near, FILE_ID).add(blocks);
    await until(() => told.length === 2);
    expect(told.map(({ message }) => message.ranges.length)).toEqual([MAX_AVAILABLE_RANGES, 10]);
    expect(blocksTold()).toEqual(blocks);
  });

  it('are no flood among many small files', async () => {
    for (let file = 0; file < 2_000; file += 1) new BlockNews(link.near, FILE_ID).add([0]);
    await link.near.ping(); // everything sent before has arrived
    expect(told).toHaveLength(100);
    expect(link.near.isOpen).toBe(true);
  });
});
