import type { FileHandle } from 'node:fs/promises';
import { HASH_BYTES } from '@ferry/protocol';
import { RECHECK_BLOCKS } from '../limits';
import type { WorkerPool } from '../workers/worker-pool';
import { BlockMap } from './block-map';
import type { StagingRow } from './staging-table';

/** Hashes the blocks of `map` again, in workers; the result holds those that are right. */
export async function recheckBlocks(
  pool: WorkerPool,
  row: StagingRow,
  handle: FileHandle,
  map: BlockMap,
): Promise<BlockMap> {
  const good = new BlockMap(map.blockCount);
  const present = map.present();
  for (let at = 0; at < present.length; at += RECHECK_BLOCKS) {
    const blocks = present.slice(at, at + RECHECK_BLOCKS);
    for (const block of await goodBlocks(pool, row, handle, blocks)) good.add(block);
  }
  return good;
}

/** Hashes a few blocks again, in a worker. @returns those that are right. */
export async function goodBlocks(
  pool: WorkerPool,
  { size, hashes }: StagingRow,
  { fd }: FileHandle,
  blocks: readonly number[],
): Promise<number[]> {
  const job = {
    kind: 'recheck',
    fd,
    size,
    blocks: Uint32Array.from(blocks),
    hashes: hashesOf(blocks, hashes),
  } as const;
  const verdicts = await pool.run(job);
  return blocks.filter((_, at) => verdicts?.[at] === 1);
}

/** The hashes of these blocks, in their order. @param hashes of all blocks of the file. */
export function hashesOf(blocks: readonly number[], hashes: Uint8Array): Uint8Array {
  const chosen = new Uint8Array(blocks.length * HASH_BYTES);
  blocks.forEach((block, at) =>
    chosen.set(hashes.subarray(block * HASH_BYTES, (block + 1) * HASH_BYTES), at * HASH_BYTES),
  );
  return chosen;
}
