import { toHex } from '@ferry/protocol';
import type { Database } from '../database/database';
import { identityOf, isSameFile } from '../disk/file-identity';
import type { Root } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError } from '../file-store-error';
import { SMALL_FILES_PER_JOB } from '../limits';
import { JobControl } from '../workers/block-jobs';
import { type WorkerPool, jobError } from '../workers/worker-pool';
import { Backlog } from './backlog';
import { hashSmallFiles, isNeighbour, isSmall } from './small-files';

export interface SumQueueOptions {
  readonly rootOf: (row: EntryRow) => Root;
  /** Called when a file is not what the list says. */
  readonly onStale: (row: EntryRow) => void;
}

/**
 * Computes the whole-file SHA-256 of every hashed entry, one after the other, when nothing else is to be hashed.
 * The database is the queue, so a restart goes on.
 */
export class SumQueue {
  private readonly backlog: Backlog;
  private readonly control = new SharedArrayBuffer(4);
  /** Of work that somebody waits for: it is never paused. */
  private readonly urgentControl = new SharedArrayBuffer(4);
  private readonly urgent = new Set<string>();
  private isWorking = false;
  private isPaused = false;
  private isKicked = false;
  private isClosed = false;

  /** @param pool of background threads: one for the queue, one for what is urgent. */
  constructor(
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly pool: WorkerPool,
    private readonly options: SumQueueOptions,
  ) {
    this.backlog = new Backlog(
      (count, isFree) => index.backlog.unsummed(count, isFree),
      () => this.kick(),
    );
  }

  /** Starts what there is to do; call it whenever entries may have been hashed. */
  kick(): void {
    if (this.isClosed || this.isKicked) return;
    this.isKicked = true;
    setImmediate(() => {
      this.isKicked = false;
      if (!this.isClosed) this.startMore();
    });
  }

  /** Lets the processor to others, also in the middle of a file. */
  pause(isPaused: boolean): void {
    if (this.isPaused === isPaused) return;
    this.isPaused = isPaused;
    if (!this.isClosed) this.set(this.control, isPaused ? JobControl.WAIT : JobControl.RUN);
    if (!isPaused) this.kick();
  }

  /** Does this one now; while it is still being hashed, after that. */
  prioritise(row: EntryRow): void {
    if (row.kind !== 'file' || row.sha256 !== null) return;
    this.urgent.add(row.id);
    this.kick();
  }

  /** Calls running jobs off and resolves when they have ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.set(this.control, JobControl.STOP);
    this.set(this.urgentControl, JobControl.STOP);
    await this.backlog.close();
  }

  private set(control: SharedArrayBuffer, value: number): void {
    const cell = new Int32Array(control);
    Atomics.store(cell, 0, value);
    Atomics.notify(cell, 0);
  }

  private startMore(): void {
    this.startUrgent();
    if (this.isWorking || this.isPaused) return;
    const row = this.backlog.peek();
    if (!row) return;
    const rows = isSmall(row) ? this.backlog.peekRun(SMALL_FILES_PER_JOB, isNeighbour) : [row];
    this.isWorking = true;
    this.start(rows, isSmall(row) ? this.sumSmall(rows) : this.sumLarge(row, this.control), () => {
      this.isWorking = false;
    });
  }

  private startUrgent(): void {
    for (const id of this.urgent) {
      const row = this.index.table.get(id);
      if (!row || row.trashedAt !== null || row.sha256 !== null) this.urgent.delete(id);
      else if (row.state === 'ready' && this.backlog.isFree(row.rowId)) {
        this.urgent.delete(id);
        this.start([row], this.sumLarge(row, this.urgentControl));
      }
    }
  }

  private start(rows: readonly EntryRow[], summing: Promise<void>, onEnd: () => void = () => undefined): void {
    const work = summing
      .catch((error: unknown) => rows.forEach((row) => this.giveUp(row, error)))
      .finally(() => {
        onEnd();
        this.backlog.end(rows);
        this.kick();
      });
    this.backlog.begin(rows, work);
  }

  /** Files of one folder. */
  private async sumSmall(rows: readonly EntryRow[]): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const replies = await hashSmallFiles(this.options.rootOf(first), rows, this.pool, this.control);
    await this.database.batch(() => {
      for (const [at, reply] of replies.entries()) {
        const row = rows[at];
        if (!row) continue;
        if ('failure' in reply) this.giveUp(row, jobError(reply.failure));
        else this.index.setSha256(row, toHex(reply.sha256));
      }
    });
  }

  private async sumLarge(row: EntryRow, control: SharedArrayBuffer): Promise<void> {
    const { handle, stats } = await this.options.rootOf(row).openFile(row.path);
    try {
      if (!isSameFile(row, identityOf(stats))) throw new FileStoreError('CHANGED', 'changed');
      const { size, mtime, inode } = row;
      const sum = await this.pool.run({ kind: 'sum', fd: handle.fd, size, mtime, inode, control });
      if (sum) await this.database.batch(() => this.index.setSha256(row, toHex(sum)));
    } finally {
      await handle.close();
    }
  }

  private giveUp(row: EntryRow, error: unknown): void {
    if (this.isClosed) return;
    this.backlog.fail(row);
    const code = error instanceof FileStoreError ? error.code : undefined;
    if (code === 'CHANGED' || code === 'NOT_FOUND' || code === 'UNSAFE_NAME') {
      this.backlog.settle(row);
      this.options.onStale(row);
    }
  }
}
