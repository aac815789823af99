import { BLOCK_BYTES, MAX_AVAILABLE_FILES, MAX_AVAILABLE_RANGES, type BlockRange } from '@ferry/protocol';
import { RemoteBlocks } from './remote-blocks';

const SIZE = 3 * BLOCK_BYTES + 100;

describe('remote blocks', () => {
  let blocks: RemoteBlocks;

  beforeEach(() => {
    blocks = new RemoteBlocks();
  });

  it('knows nothing of a file that was not spoken of', () => {
    expect(blocks.rangesOf('a')).toEqual([]);
    expect(blocks.has('a', 0)).toBe(false);
    expect(blocks.bytesOf('a', SIZE)).toBe(0);
  });

  it('adds up what was said, and counts a block once', () => {
    blocks.note('a', [[0, 1]]);
    blocks.note('a', [[0, 2]]);
    expect(blocks.rangesOf('a')).toEqual([[0, 2]]);
    expect(blocks.bytesOf('a', SIZE)).toBe(2 * BLOCK_BYTES);
  });

  it.each<[BlockRange[], number]>([
    [[[3, 1]], 100],
    [[[0, 4]], SIZE],
    [[[0, 9]], SIZE],
    [
      [
        [1, 1],
        [3, 1],
      ],
      BLOCK_BYTES + 100,
    ],
  ])('counts the bytes of %j, the last block being short', (ranges, bytes) => {
    blocks.note('a', ranges);
    expect(blocks.bytesOf('a', SIZE)).toBe(bytes);
  });

  it('keeps the files it heard of last', () => {
    for (let file = 0; file < MAX_AVAILABLE_FILES; file += 1) blocks.note(`${file}`, [[0, 1]]);
    blocks.note('0', [[1, 1]]);
    blocks.note('one more', [[0, 1]]);
    expect(blocks.rangesOf('0')).toEqual([[0, 2]]);
    expect(blocks.rangesOf('1')).toEqual([]);
    expect(blocks.rangesOf('one more')).toEqual([[0, 1]]);
  });

  it('holds no more runs of a file than one message can name', () => {
    const odd = Array.from({ length: MAX_AVAILABLE_RANGES }, (_, index): BlockRange => [4 * index, 1]);
    const even = odd.map(([first]): BlockRange => [first + 2, 1]);
    blocks.note('a', odd);
    blocks.note('a', even);
    expect(blocks.rangesOf('a')).toHaveLength(MAX_AVAILABLE_RANGES);
  });
});
