import { HASH_BYTES, blockCountOf } from '@ferry/protocol';
import { fileIdOf } from '../content';
import type { Database } from '../database/database';
import { identityOf, isSameFile } from '../disk/file-identity';
import type { Root } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError } from '../file-store-error';
import { HASHES_IN_FLIGHT, HASHING_BYTES_IN_FLIGHT, HASH_PROGRESS_MS, SCAN_BATCH, SETTLE_MS } from '../limits';
import type { WorkerPool } from '../workers/worker-pool';
import type { SkipListener } from './walk';

export interface HashQueueOptions {
  readonly rootOf: (row: EntryRow) => Root;
  /** Called when a file is not what the list says. */
  readonly onStale: (row: EntryRow) => void;
  readonly onSkip: SkipListener;
}

/** Hashes every entry that the database lists as `hashing`, small files first. The database is the queue. */
export class HashQueue {
  private readonly running = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  /** Could not be read; tried again after a change or a restart. */
  private readonly failed = new Set<string>();
  private readonly cancel = new SharedArrayBuffer(4);
  /** Read ahead from the database. */
  private next: EntryRow[] = [];
  private runningBytes = 0;
  private isKicked = false;
  private isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly pool: WorkerPool,
    private readonly options: HashQueueOptions,
  ) {}

  /** Starts what there is to hash; call it whenever entries may have been added. */
  kick(): void {
    if (this.isClosed || this.isKicked) return;
    this.isKicked = true;
    setImmediate(() => {
      this.isKicked = false;
      this.startMore();
    });
  }

  /** Leaves an entry alone until it was quiet for a moment: someone is still writing it. */
  settle(row: EntryRow): void {
    clearTimeout(this.waiting.get(row.id));
    this.failed.delete(row.id);
    const resume = () => {
      this.waiting.delete(row.id);
      this.kick();
    };
    this.waiting.set(row.id, setTimeout(resume, SETTLE_MS).unref());
  }

  /** Calls running jobs off and resolves when they have ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    Atomics.store(new Int32Array(this.cancel), 0, 1);
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    await Promise.all(this.running.values());
  }

  private startMore(): void {
    while (!this.isClosed && this.running.size < HASHES_IN_FLIGHT && this.runningBytes < HASHING_BYTES_IN_FLIGHT) {
      if (this.next.length === 0) this.next = this.fetch();
      const row = this.next.shift();
      if (!row) return;
      if (this.isFree(row.id)) this.start(row);
    }
  }

  private fetch(): EntryRow[] {
    const others = this.running.size + this.waiting.size + this.failed.size;
    return this.index.table.unhashed(others + SCAN_BATCH).filter(({ id }) => this.isFree(id));
  }

  private isFree(id: string): boolean {
    return !this.running.has(id) && !this.waiting.has(id) && !this.failed.has(id);
  }

  private start(row: EntryRow): void {
    this.runningBytes += row.size;
    const run = this.hash(row)
      .catch((error: unknown) => this.giveUp(row, error))
      .finally(() => {
        this.running.delete(row.id);
        this.runningBytes -= row.size;
        this.kick();
      });
    this.running.set(row.id, run);
  }

  private async hash(row: EntryRow): Promise<void> {
    const { handle, stats } = await this.options.rootOf(row).openFile(row.path);
    try {
      if (!isSameFile(row, identityOf(stats))) throw new FileStoreError('CHANGED', 'changed');
      const hashes = new Uint8Array(blockCountOf(row.size) * HASH_BYTES);
      let filled = 0;
      let toldAt = Date.now();
      const { size, mtime, inode } = row;
      const job = { kind: 'hash', fd: handle.fd, size, mtime, inode, cancel: this.cancel } as const;
      await this.pool.run(job, (part, doneBytes) => {
        hashes.set(part, filled);
        filled += part.length;
        if (Date.now() - toldAt < HASH_PROGRESS_MS) return;
        toldAt = Date.now();
        this.tellProgress(row, doneBytes);
      });
      const fileId = await fileIdOf(hashes);
      await this.database.batch(() => this.store(row, { fileId, hashes }));
    } finally {
      await handle.close();
    }
  }

  private tellProgress(row: EntryRow, doneBytes: number): void {
    const now = this.current(row);
    if (now) this.index.progress(now, doneBytes);
  }

  private store(row: EntryRow, content: { fileId: string; hashes: Uint8Array }): void {
    const now = this.current(row);
    if (now) this.index.setContent(now, content);
  }

  /** The entry as it is now, if it still stands for the file that was hashed. */
  private current(row: EntryRow): EntryRow | undefined {
    const now = this.index.table.get(row.id);
    return now?.trashedAt === null && isSameFile(now, row) ? now : undefined;
  }

  private giveUp(row: EntryRow, error: unknown): void {
    if (this.isClosed) return;
    const code = error instanceof FileStoreError ? error.code : undefined;
    if (code === 'CHANGED' || code === 'NOT_FOUND') {
      this.settle(row);
      this.options.onStale(row);
      return;
    }
    this.failed.add(row.id);
    this.options.onSkip(row.path, error instanceof Error ? error.message : 'cannot be hashed');
  }
}
