import { HASH_BYTES, merkleRoot, toHex } from '@ferry/protocol';
import { fileIdOf, sha256 } from './content';

/** Different for each leaf. */
function leaves(count: number): Uint8Array {
  const hashes = new Uint8Array(count * HASH_BYTES);
  const view = new DataView(hashes.buffer);
  for (let index = 0; index < count; index++) view.setUint32(index * HASH_BYTES, index);
  return hashes;
}

describe('fileIdOf', () => {
  it.each([0, 1, 2, 4_095, 4_096, 4_097, 8_192, 12_289, 20_000])('is the Merkle root of %d leaves', async (count) => {
    const hashes = leaves(count);
    expect(await fileIdOf(hashes)).toBe(toHex(merkleRoot(hashes, sha256)));
  });

  it('lets other work run while it hashes a long list', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await fileIdOf(leaves(100_000));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
