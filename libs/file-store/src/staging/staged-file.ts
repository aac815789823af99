import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { BLOCK_BYTES, type FileEntry, HASH_BYTES, blockLength } from '@ferry/protocol';
import { FileStoreError, asStoreError } from '../file-store-error';
import type { BlockReuse } from '../reuse/block-reuse';
import { firstOfEach } from '../reuse/first-of-each';
import { StagedReuse } from '../reuse/staged-reuse';
import type { WorkerPool } from '../workers/worker-pool';
import { BlockMap } from './block-map';
import type { PublishedFile, Publisher } from './publisher';
import { SyncLedger } from './sync-ledger';
import type { StagingRow } from './staging-table';

/** What a `StagedFile` needs from its `Staging`. */
export interface StagedFileHost {
  readonly pool: WorkerPool;
  readonly publisher: Publisher;
  readonly reuse: BlockReuse;
  /** Commits the block map of a file whose data is synced. @param blocks those that are new in it. */
  commitBlocks(row: StagingRow, map: BlockMap, blocks: readonly number[]): Promise<void>;
  /** To be called before each write. @throws FileStoreError NO_SPACE */
  takeSpace(bytes: number): Promise<void>;
  /** Makes the staged file's own name durable. */
  syncFolder(): Promise<void>;
  /** The file was closed. `stats`: of what stays staged; nothing when it was published or failed. */
  released(key: string, stats?: Stats): void;
  /** Deletes what is staged. */
  remove(row: StagingRow): Promise<void>;
}

/** What was found and made when a staged file was opened. */
export interface OpenedFile {
  readonly row: StagingRow;
  readonly handle: FileHandle;
  /** Blocks that are there; from now on the staged file's own. */
  readonly written: BlockMap;
  /** The other blocks may be there as well, not verified yet. */
  readonly isClone: boolean;
  /** Resolves when the row is on the disk: not before anything that relies on it. */
  readonly stored: Promise<void>;
}

/** A file being received: blocks are verified, written, and when all are there published. */
export class StagedFile {
  readonly blockCount: number;
  /** Bytes that were there, verified, when it was opened. */
  readonly resumedBytes: number;
  private readonly ledger = new SyncLedger((blocks) => this.commit(blocks));
  private readonly writes = new Set<Promise<unknown>>();
  private readonly committed: BlockMap;
  private verified: number;
  private isNameDurable = false;
  private readonly reusing: StagedReuse;
  private durableListener: (blocks: readonly number[]) => void = () => undefined;
  private isOpen = true;

  readonly row: StagingRow;
  private readonly handle: FileHandle;
  private readonly written: BlockMap;

  constructor(
    private readonly host: StagedFileHost,
    private readonly opened: OpenedFile,
  ) {
    const { row, handle, written, isClone } = opened;
    [this.row, this.handle, this.written] = [row, handle, written];
    this.committed = BlockMap.from(written.bytes, written.blockCount);
    this.blockCount = written.blockCount;
    this.resumedBytes = written.presentBytes(row.size);
    this.verified = this.resumedBytes;
    this.reusing = new StagedReuse(
      {
        ...{ pool: host.pool, reuse: host.reuse, row, handle },
        missingBlocks: () => this.missingBlocks(),
        work: (bytes, run) => this.work(bytes, run),
        wrote: (block) => this.wrote(block),
      },
      isClone,
    );
  }

  /** Bytes verified and written, not all of them synced yet. */
  get verifiedBytes(): number {
    return this.verified;
  }

  /** Tells `listener` which blocks are verified and surely on the disk: those of now at once, the others as they get there. */
  onDurable(listener: (blocks: readonly number[]) => void): void {
    this.durableListener = listener;
    listener(this.committed.present());
  }

  /** Indexes of the blocks that are still to come, ascending. */
  missingBlocks(): number[] {
    return this.written.missing();
  }

  /** Of the missing blocks those that have to come from elsewhere: of equal ones the first, as `reuse` finds the others then. */
  blocksToAskFor(): Promise<number[]> {
    return firstOfEach(this.missingBlocks(), this.row.hashes);
  }

  /**
   * Fills missing blocks from other files on this disk, and from this one. Each is verified before it counts.
   * @param onBytes told of each few blocks that were found.
   * @throws FileStoreError NO_SPACE, IO; AbortError: what was found until then is kept.
   */
  async reuse(onBytes: (count: number) => void, signal: AbortSignal): Promise<void> {
    this.assertOpen();
    await this.ledger.flush(); // only what is committed is found
    await this.reusing.run(onBytes, signal);
  }

  /**
   * Verifies a block in a worker and, only if it is right, writes it. Resolves when written; syncs follow
   * on their own. `block` is not touched by the caller until then. A block that is there already is ignored.
   * @param length bytes of the block, from the start of `block`.
   * @throws FileStoreError HASH_MISMATCH (nothing was written), NO_SPACE, IO.
   */
  async writeBlock(index: number, block: SharedArrayBuffer, length: number): Promise<void> {
    this.assertOpen();
    if (!this.isBlock(index) || blockLength(index, this.row.size) !== length) {
      throw new FileStoreError('HASH_MISMATCH', `Block ${index} cannot have ${length} bytes`);
    }
    if (this.written.has(index)) return;
    await this.work(length, () => this.verifyAndWrite(index, block, length));
  }

  /**
   * Gives the file its final name, never over another one, and lists it as received. Resolves when that
   * survives a power cut; the staged file is closed then. A name that is taken is met by the rule of the request.
   * @param onListed called in the transaction that lists the file, to write down with it what belongs to it.
   * @throws FileStoreError NOT_READY while blocks are missing, UNSAFE_NAME, NO_SPACE, IO.
   */
  async publish(onListed?: (entry: FileEntry) => void): Promise<PublishedFile> {
    this.assertOpen();
    if (!this.written.isComplete) throw new FileStoreError('NOT_READY', 'Blocks are missing');
    this.isOpen = false;
    try {
      await this.settleWrites();
      await this.syncAll();
      await this.opened.stored;
      const published = await this.host.publisher.publish(this.row, this.handle, this.written, onListed);
      await this.handle.close();
      this.host.released(this.row.key);
      return published;
    } catch (error) {
      this.isOpen = true; // so that it can be closed, and tried again
      throw asStoreError(error, 'publishing a received file');
    }
  }

  /**
   * Keeps what is staged for later: syncs it and commits the block map.
   * @throws FileStoreError IO when the disk failed; the file is closed all the same.
   */
  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.settleWrites();
    let stats: Stats | undefined;
    try {
      await this.opened.stored;
      await this.ledger.flush();
      await this.host.commitBlocks(this.row, this.committed, []);
      stats = await this.handle.stat();
    } catch (error) {
      throw asStoreError(error, 'closing a staged file');
    } finally {
      await this.release(stats);
    }
  }

  /** Deletes what is staged. */
  async discard(): Promise<void> {
    if (this.isOpen) {
      this.isOpen = false;
      await this.settleWrites();
      await this.ledger.drain();
      await this.release();
    }
    await this.host.remove(this.row);
  }

  private isBlock(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.blockCount;
  }

  private async verifyAndWrite(index: number, block: SharedArrayBuffer, length: number): Promise<void> {
    await this.host.pool.run({
      kind: 'write',
      fd: this.handle.fd,
      position: index * BLOCK_BYTES,
      block,
      length,
      hash: this.row.hashes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES),
    });
    this.wrote(index);
  }

  private wrote(index: number): void {
    if (!this.written.add(index)) return; // the same block came twice at once
    const length = blockLength(index, this.row.size);
    this.verified += length;
    this.ledger.wrote(index, length);
  }

  /** Work that writes so many bytes to the descriptor, once there is room for them, synced or not; closing waits for it. */
  private async work<T>(bytes: number, run: () => Promise<T>): Promise<T> {
    this.assertOpen();
    const work = this.admit(bytes).then(run);
    this.writes.add(work);
    try {
      return await work;
    } finally {
      this.writes.delete(work);
    }
  }

  private async admit(bytes: number): Promise<void> {
    await this.ledger.admit();
    if (bytes > 0) await this.host.takeSpace(bytes);
  }

  private async commit(blocks: readonly number[]): Promise<void> {
    await this.opened.stored;
    await this.handle.datasync();
    if (!this.isNameDurable) await this.host.syncFolder();
    this.isNameDurable = true;
    for (const index of blocks) this.committed.add(index);
    await this.host.commitBlocks(this.row, this.committed, blocks);
    this.durableListener(blocks);
  }

  /** A descriptor must not be closed, and its number given to another file, while a worker writes to it. */
  private async settleWrites(): Promise<void> {
    while (this.writes.size > 0) await Promise.allSettled(this.writes);
  }

  /** One sync for the last blocks and the modified time; the block map is committed by publishing. */
  private async syncAll(): Promise<void> {
    await this.ledger.drain();
    await this.ledger.commitRest(async () => {
      await this.handle.utimes(new Date(), new Date(this.row.modifiedAt));
      await this.handle.sync();
    });
    this.durableListener(this.written.present().filter((index) => this.committed.add(index)));
  }

  private async release(stats?: Stats): Promise<void> {
    await this.ledger.drain();
    await this.handle.close();
    this.host.released(this.row.key, stats);
  }

  private assertOpen(): void {
    if (!this.isOpen) throw new FileStoreError('IO', 'The staged file is closed');
  }
}
