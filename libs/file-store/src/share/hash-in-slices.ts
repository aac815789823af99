import { BLOCK_BYTES, HASH_BYTES, blockCountOf } from '@ferry/protocol';
import type { EntryRow } from '../entries/entry-row';
import { SLICE_BLOCKS } from '../limits';
import type { WorkerPool } from '../workers/worker-pool';

export interface SlicedFile {
  readonly pool: WorkerPool;
  /** What the file must be, and stay. */
  readonly row: EntryRow;
  readonly fd: number;
  readonly control: SharedArrayBuffer;
  /** Awaited before each slice is sent. */
  readonly beforeSlice: () => Promise<void>;
  readonly onProgress: (doneBytes: number) => void;
}

/**
 * The hashes of all blocks of a file. All workers take part: each has one slice under way and one that waits.
 * @throws as `WorkerPool.run`; no job is under way any more then.
 */
export async function hashInSlices(file: SlicedFile): Promise<Uint8Array> {
  const { pool, row, fd, control, beforeSlice, onProgress } = file;
  const blockCount = blockCountOf(row.size);
  const hashes = new Uint8Array(blockCount * HASH_BYTES);
  const { size, mtime, inode } = row;
  const slices: Promise<void>[] = [];
  let doneBlocks = 0;
  try {
    for (let firstBlock = 0; firstBlock < blockCount; firstBlock += SLICE_BLOCKS) {
      await beforeSlice();
      const count = Math.min(SLICE_BLOCKS, blockCount - firstBlock);
      const job = { kind: 'hash', fd, size, mtime, inode, firstBlock, blockCount: count, control } as const;
      const slice = pool.run(job).then((found) => {
        if (found) hashes.set(found, firstBlock * HASH_BYTES);
        doneBlocks += count;
        onProgress(Math.min(doneBlocks * BLOCK_BYTES, size));
      });
      slices.push(slice);
      slice.catch(() => undefined); // awaited below, in order
      if (slices.length >= 2 * pool.size) await slices.shift();
    }
    await Promise.all(slices);
    return hashes;
  } finally {
    await Promise.allSettled(slices);
  }
}
