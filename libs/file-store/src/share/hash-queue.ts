import { merkleRoot, toHex } from '@ferry/protocol';
import { fileIdOf, sha256 } from '../content';
import type { Database } from '../database/database';
import { identityOf, isSameFile } from '../disk/file-identity';
import type { Root } from '../disk/root';
import type { EntryIndex, HashedContent } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError } from '../file-store-error';
import { HASH_PROGRESS_MS, SMALL_FILES_PER_JOB, SMALL_JOBS_IN_FLIGHT } from '../limits';
import { JobControl, type SmallFileReply } from '../workers/block-jobs';
import { type WorkerPool, jobError } from '../workers/worker-pool';
import { Backlog } from './backlog';
import { hashInSlices } from './hash-in-slices';
import { hashSmallFiles, isNeighbour, isSmall } from './small-files';
import type { SkipListener } from './walk';

export interface HashQueueOptions {
  readonly rootOf: (row: EntryRow) => Root;
  /** Called when a file is not what the list says. */
  readonly onStale: (row: EntryRow) => void;
  /** Called with true when there is something to hash, with false when all is done. */
  readonly onBusy: (isBusy: boolean) => void;
  readonly onSkip: SkipListener;
}

/**
 * Hashes every entry that the database lists as `hashing`: small files first, many with one message to a worker; then the large
 * ones, one at a time and in slices, so that others come in between. The database is the queue.
 */
export class HashQueue {
  private readonly backlog: Backlog;
  private readonly control = new SharedArrayBuffer(4);
  /** Entries that somebody waits for, by id: their rows. */
  private readonly urgent = new Map<string, number>();
  private smallJobs = 0;
  private isHashingLarge = false;
  private isKicked = false;
  private isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly pool: WorkerPool,
    private readonly options: HashQueueOptions,
  ) {
    this.backlog = new Backlog(
      (count, isFree) => index.backlog.unhashed(count, isFree),
      () => this.kick(),
    );
  }

  /** Starts what there is to hash; call it whenever entries may have been added. */
  kick(): void {
    this.backlog.refresh();
    this.goOn();
  }

  /** Leaves an entry alone until it was quiet for a moment: someone is still writing it. */
  settle(row: EntryRow): void {
    this.backlog.settle(row);
  }

  /** Hashes this one next; what else is under way waits after its current slice. */
  prioritise(row: EntryRow): void {
    if (row.state !== 'hashing') return;
    this.urgent.set(row.id, row.rowId);
    this.goOn();
  }

  /** Calls running jobs off and resolves when they have ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    Atomics.store(new Int32Array(this.control), 0, JobControl.STOP);
    await this.backlog.close();
  }

  private goOn(): void {
    if (this.isClosed || this.isKicked) return;
    this.isKicked = true;
    setImmediate(() => {
      this.isKicked = false;
      if (!this.isClosed) this.startMore();
    });
  }

  private startMore(): void {
    this.startUrgent();
    for (let row = this.backlog.peek(); row; row = this.backlog.peek()) {
      if (isSmall(row) ? this.smallJobs >= SMALL_JOBS_IN_FLIGHT : this.isHashingLarge) break;
      if (isSmall(row)) this.startSmall(this.backlog.peekRun(SMALL_FILES_PER_JOB, isNeighbour));
      else this.startLarge(row);
    }
    this.options.onBusy(this.backlog.size > 0);
  }

  private startUrgent(): void {
    for (const id of this.urgent.keys()) {
      const row = this.index.table.get(id);
      if (row?.state !== 'hashing' || row.trashedAt !== null) this.urgent.delete(id);
      else if (this.backlog.isFree(row.rowId)) this.start([row], this.hashLarge(row));
    }
  }

  private startSmall(rows: readonly EntryRow[]): void {
    this.smallJobs += 1;
    this.start(rows, this.hashSmall(rows), () => (this.smallJobs -= 1));
  }

  private startLarge(row: EntryRow): void {
    this.isHashingLarge = true;
    this.start([row], this.hashLarge(row), () => (this.isHashingLarge = false));
  }

  private start(rows: readonly EntryRow[], hashing: Promise<void>, onEnd: () => void = () => undefined): void {
    const work = hashing
      .catch((error: unknown) => rows.forEach((row) => this.giveUp(row, error)))
      .finally(() => {
        onEnd();
        this.backlog.end(rows);
        for (const { id } of rows) this.urgent.delete(id);
        this.goOn();
      });
    this.backlog.begin(rows, work);
  }

  /** Files of one folder. */
  private async hashSmall(rows: readonly EntryRow[]): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const replies = await hashSmallFiles(this.options.rootOf(first), rows, this.pool, this.control);
    await this.database.batch(() => replies.forEach((reply, at) => this.take(rows[at], reply)));
  }

  private take(row: EntryRow | undefined, reply: SmallFileReply): void {
    if (!row) return;
    if ('failure' in reply) return this.giveUp(row, jobError(reply.failure));
    const { hashes } = reply;
    this.store(row, { fileId: toHex(merkleRoot(hashes, sha256)), hashes, sha256: toHex(reply.sha256) });
  }

  private async hashLarge(row: EntryRow): Promise<void> {
    const { handle, stats } = await this.options.rootOf(row).openFile(row.path);
    try {
      if (!isSameFile(row, identityOf(stats))) throw new FileStoreError('CHANGED', 'changed');
      let toldAt = Date.now();
      const hashes = await hashInSlices({
        ...{ pool: this.pool, row, fd: handle.fd, control: this.control },
        beforeSlice: () => this.giveWay(row.id),
        onProgress: (doneBytes) => {
          if (Date.now() - toldAt < HASH_PROGRESS_MS) return;
          toldAt = Date.now();
          this.tellProgress(row, doneBytes);
        },
      });
      const fileId = await fileIdOf(hashes);
      await this.database.batch(() => this.store(row, { fileId, hashes }));
    } finally {
      await handle.close();
    }
  }

  /** To those that somebody waits for. */
  private async giveWay(id: string): Promise<void> {
    if (this.urgent.has(id)) return;
    await Promise.all([...this.urgent.values()].map((rowId) => this.backlog.workOn(rowId)));
  }

  private tellProgress(row: EntryRow, doneBytes: number): void {
    const now = this.current(row);
    if (now) this.index.progress(now, doneBytes);
  }

  private store(row: EntryRow, content: HashedContent): void {
    const now = this.current(row);
    if (now) this.index.setContent(now, content);
  }

  /** The entry as it is now, if it still stands for the file that was hashed. */
  private current(row: EntryRow): EntryRow | undefined {
    const now = this.index.table.byRowId(row.rowId);
    return now?.id === row.id && now.trashedAt === null && isSameFile(now, row) ? now : undefined;
  }

  private giveUp(row: EntryRow, error: unknown): void {
    if (this.isClosed) return;
    const code = error instanceof FileStoreError ? error.code : undefined;
    if (code === 'CHANGED' || code === 'NOT_FOUND' || code === 'UNSAFE_NAME') {
      this.settle(row);
      this.options.onStale(row);
      return;
    }
    this.backlog.fail(row);
    this.options.onSkip(row.path, error instanceof Error ? error.message : 'cannot be hashed');
  }
}
