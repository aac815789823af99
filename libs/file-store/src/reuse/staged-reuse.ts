import type { FileHandle } from 'node:fs/promises';
import { BLOCK_BYTES, blockLength } from '@ferry/protocol';
import { RECHECK_BLOCKS } from '../limits';
import { goodBlocks, hashesOf } from '../staging/recheck';
import type { StagingRow } from '../staging/staging-table';
import type { WorkerPool } from '../workers/worker-pool';
import type { BlockReuse } from './block-reuse';
import type { BlockCopy, ReuseTarget } from './disk-fill';
import type { OpenSource } from './source-files';

/** What is to be filled, as its `StagedFile` lends it. */
export interface StagedBlocks {
  readonly pool: WorkerPool;
  readonly reuse: BlockReuse;
  readonly row: StagingRow;
  readonly handle: FileHandle;
  missingBlocks(): number[];
  /** Runs work on the open file, which writes so many bytes: not before there is room for them, nor after it was closed. */
  work<T>(bytes: number, run: () => Promise<T>): Promise<T>;
  /** A block is verified and written. */
  wrote(block: number): void;
}

/** Fills one staged file from what lies on this disk. */
export class StagedReuse implements ReuseTarget {
  /** @param isClone every block may be there already, not verified. */
  constructor(
    private readonly staged: StagedBlocks,
    private isClone: boolean,
  ) {}

  get size(): number {
    return this.staged.row.size;
  }

  get hashes(): Uint8Array {
    return this.staged.row.hashes;
  }

  missingBlocks(): number[] {
    return this.staged.missingBlocks();
  }

  /** @throws FileStoreError NO_SPACE, IO; AbortError */
  async run(onBytes: (count: number) => void, signal: AbortSignal): Promise<void> {
    if (this.isClone) await this.verifyClone(onBytes, signal);
    await this.staged.reuse.fill(this, onBytes, signal);
  }

  copyBlocks({ handle }: OpenSource, copies: readonly BlockCopy[]): Promise<Uint8Array> {
    const moves = copies.map(({ block, from }) => {
      return { from: from * BLOCK_BYTES, to: block * BLOCK_BYTES, length: blockLength(block, this.size) };
    });
    const blocks = copies.map(({ block }) => block);
    const bytes = moves.reduce((sum, { length }) => sum + length, 0);
    return this.staged.work(bytes, async () => {
      const verdicts = await this.staged.pool.run({
        ...{ kind: 'copy', from: handle.fd, fd: this.staged.handle.fd },
        ...{ blocks: moves, hashes: hashesOf(blocks, this.hashes) },
      });
      blocks.filter((_, at) => verdicts?.[at] === 1).forEach((block) => this.staged.wrote(block));
      return verdicts ?? new Uint8Array(copies.length);
    });
  }

  private async verifyClone(onBytes: (count: number) => void, signal: AbortSignal): Promise<void> {
    const { pool, row, handle } = this.staged;
    const missing = this.missingBlocks();
    for (let at = 0; at < missing.length; at += RECHECK_BLOCKS) {
      signal.throwIfAborted();
      const good = await this.staged.work(0, async () => {
        const found = await goodBlocks(pool, row, handle, missing.slice(at, at + RECHECK_BLOCKS));
        found.forEach((block) => this.staged.wrote(block));
        return found;
      });
      onBytes(good.reduce((bytes, block) => bytes + blockLength(block, this.size), 0));
    }
    this.isClone = false;
  }
}
