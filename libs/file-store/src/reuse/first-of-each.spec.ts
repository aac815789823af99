import { randomBytes } from 'node:crypto';
import { HASH_BYTES } from '@ferry/protocol';
import { firstOfEach } from './first-of-each';

const A = Buffer.alloc(HASH_BYTES, 'a');
const B = Buffer.alloc(HASH_BYTES, 'b');

describe('firstOfEach', () => {
  it.each([
    [[], []],
    [[3], [3]],
    [
      [0, 1, 2, 3],
      [0, 1],
    ],
    [
      [1, 2, 3],
      [1, 2],
    ],
    [[2], [2]],
  ])('keeps of %j the first of each content', async (blocks, firsts) => {
    expect(await firstOfEach(blocks, Buffer.concat([A, B, A, A]))).toEqual(firsts);
  });

  it('tells hashes apart that differ in one bit', async () => {
    const hashes = Buffer.concat(Array.from({ length: HASH_BYTES * 8 }, () => A));
    for (let bit = 0; bit < HASH_BYTES * 8; bit++) {
      const at = bit * HASH_BYTES + (bit >> 3);
      hashes[at] = (hashes[at] as number) ^ (1 << (bit & 7));
    }
    const blocks = Array.from({ length: HASH_BYTES * 8 }, (_, block) => block);
    expect(await firstOfEach(blocks, hashes)).toEqual(blocks);
  });

  it('is not slowed down by hashes that are chosen to look alike', async () => {
    const blocks = Array.from({ length: 100_000 }, (_, block) => block);
    const hashes = Buffer.alloc(blocks.length * HASH_BYTES);
    blocks.forEach((block) => hashes.writeUInt32BE(block, block * HASH_BYTES + HASH_BYTES - 4)); // all else zero
    expect(await firstOfEach(blocks, hashes)).toEqual(blocks);
    const random = randomBytes(hashes.length);
    expect(await firstOfEach(blocks, random)).toEqual(blocks);
  });
});
