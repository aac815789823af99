import { BLOCK_BYTES } from '../limits';
import { blockCountOf, blockLength } from './block';

describe('blocks', () => {
  it.each([
    [0, 0],
    [1, 1],
    [BLOCK_BYTES - 1, 1],
    [BLOCK_BYTES, 1],
    [BLOCK_BYTES + 1, 2],
    [2 ** 42, 2 ** 22],
  ])('a file of %i bytes has %i', (size, count) => expect(blockCountOf(size)).toBe(count));

  it('are whole but the last', () => {
    expect(blockLength(0, BLOCK_BYTES + 1)).toBe(BLOCK_BYTES);
    expect(blockLength(1, BLOCK_BYTES + 1)).toBe(1);
    expect(blockLength(0, BLOCK_BYTES)).toBe(BLOCK_BYTES);
  });

  it.each([
    [0, 0],
    [1, BLOCK_BYTES],
    [-1, 5],
    [0.5, 5],
  ])('has no block %d in %d bytes', (index, size) => expect(() => blockLength(index, size)).toThrow(RangeError));
});
