import type { FileHandle } from 'node:fs/promises';
import { HASH_BYTES } from '@ferry/protocol';
import { RECHECK_BLOCKS } from '../limits';
import type { WorkerPool } from '../workers/worker-pool';
import { BlockMap } from './block-map';
import type { StagingRow } from './staging-table';

/** Hashes the blocks of `map` again, in workers; the result holds those that are right. */
export async function recheckBlocks(
  pool: WorkerPool,
  { size, hashes }: StagingRow,
  { fd }: FileHandle,
  map: BlockMap,
): Promise<BlockMap> {
  const good = new BlockMap(map.blockCount);
  const present = map.present();
  for (let at = 0; at < present.length; at += RECHECK_BLOCKS) {
    const blocks = Uint32Array.from(present.slice(at, at + RECHECK_BLOCKS));
    const expected = new Uint8Array(blocks.length * HASH_BYTES);
    blocks.forEach((block, index) =>
      expected.set(hashes.subarray(block * HASH_BYTES, (block + 1) * HASH_BYTES), index * HASH_BYTES),
    );
    const verdicts = await pool.run({ kind: 'recheck', fd, size, blocks, hashes: expected });
    blocks.forEach((block, index) => {
      if (verdicts?.[index] === 1) good.add(block);
    });
  }
  return good;
}
