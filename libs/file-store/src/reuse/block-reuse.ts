import { BLOCK_BYTES } from '@ferry/protocol';
import type { Database } from '../database/database';
import { INLINE_INDEXED_BLOCKS } from '../limits';
import { BlockIndex } from './block-index';
import { DiskFill, type ReuseTarget } from './disk-fill';
import { IndexFiller } from './index-filler';
import { SourceFiles, type SourceFilesOptions } from './source-files';

export interface BlockReuseOptions extends SourceFilesOptions {
  /** Told when the index could not be filled; it is tried again with the next change. */
  readonly onFault: (error: unknown) => void;
}

/** Finds missing blocks in other files of this disk. What it finds is only a hint: every block is verified before it counts. */
export class BlockReuse {
  readonly index: BlockIndex;
  private readonly filler: IndexFiller;
  private readonly files: SourceFiles;

  /** The store's tables must be there. */
  constructor(database: Database, options: BlockReuseOptions) {
    this.index = new BlockIndex(database);
    this.filler = new IndexFiller(this.index, options.onFault);
    this.files = new SourceFiles(this.index, options);
  }

  /** To be called whenever entries may have changed: what is new is indexed soon. */
  kick(): void {
    this.filler.kick();
  }

  /**
   * Where the file system can, makes `path`, where nothing is, a clone of a file with this content. It is not verified.
   * @returns whether there is a file at `path` now.
   */
  async clone(fileId: string, size: number, path: string): Promise<boolean> {
    if (size < BLOCK_BYTES) return false; // copying is as fast
    for (const row of this.index.twins(fileId)) {
      if (await this.files.clone(row, path)) return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.filler.close();
  }

  /**
   * Copies into `target` what lies on this disk of its missing blocks.
   * @param onBytes told of each few blocks that were copied.
   * @throws FileStoreError NO_SPACE, IO of the file that is written to; AbortError.
   */
  async fill(target: ReuseTarget, onBytes: (count: number) => void, signal: AbortSignal): Promise<void> {
    const missing = target.missingBlocks();
    if (missing.length > INLINE_INDEXED_BLOCKS) await this.filler.caughtUp();
    await new DiskFill(this.index, this.files, target, onBytes).run(missing, signal);
  }
}
