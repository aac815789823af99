import { closeSync, fdatasync, openSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { systemCode } from '../file-store-error';
import { FRAME_HEADER_BYTES, LOG_HEADER_BYTES, type LogPosition, readLogHeader } from './log-frames';
import { LogMark, NOTHING } from './log-mark';

const dataSync = promisify(fdatasync);

/** Single statements commit by themselves; the mark follows so much later. */
const MARK_MS = 1_000;

/**
 * SQLite's log beside its database file: synced in the thread pool, and with a mark of how far it is. SQLite holds no
 * lock on this file, so an own descriptor of it can be opened and closed without losing one.
 */
export class WriteAheadLog {
  private readonly fd: number;
  private readonly mark: LogMark;
  private readonly sizes: StatementSync;
  private readonly timer = setInterval(() => void this.followSingleCommits(), MARK_MS).unref();
  private syncing = 0;
  private isClosed = false;

  /** @param sqlite open in WAL mode on the file `database`, so that its log exists. */
  constructor(
    private readonly sqlite: DatabaseSync,
    database: string,
  ) {
    this.fd = openSync(`${database}-wal`, 'r+');
    this.mark = new LogMark(database);
    this.sizes = sqlite.prepare('PRAGMA wal_checkpoint(NOOP)');
  }

  /** Resolves when all that was committed before the call is on the disk, and marked. */
  async sync(): Promise<void> {
    if (this.isClosed) return; // closing the database synced everything
    const position = this.position();
    this.syncing += 1;
    try {
      await dataSync(this.fd);
      this.mark.write(position);
    } finally {
      this.syncing -= 1;
      this.closeWhenIdle();
    }
  }

  /** SQLite has synced all that is committed. */
  wasSynced(): void {
    this.mark.write(this.position());
  }

  /** Moves the log into the database file. To be called right before SQLite is closed, which removes the log. */
  close(): void {
    clearInterval(this.timer);
    this.mark.close(this.move()); // first: a log that is gone and marked would be a loss
    this.isClosed = true;
    this.closeWhenIdle();
  }

  /** Where the log ends that is committed now. */
  private position(): LogPosition {
    const frames = Number(this.sizes.get()?.['log']);
    const header = frames > 0 ? readLogHeader(this.fd) : undefined;
    if (!header) return NOTHING;
    return { salts: header.salts, bytes: LOG_HEADER_BYTES + frames * (FRAME_HEADER_BYTES + header.pageBytes) };
  }

  private async followSingleCommits(): Promise<void> {
    if (this.mark.says(this.position())) return;
    try {
      await this.sync();
    } catch (error) {
      if (systemCode(error) === undefined) throw error; // a disk that fails is met by who writes
    }
  }

  /** @returns whether all of the log is in the database file, safely. */
  private move(): boolean {
    try {
      const row = this.sqlite.prepare('PRAGMA wal_checkpoint(FULL)').get();
      return row?.['busy'] === 0 && row['log'] === row['checkpointed'];
    } catch {
      return false; // whatever the reason: the log stays, and the next start reads it
    }
  }

  /** A descriptor under a running sync must not be closed: its number may be given to another file. */
  private closeWhenIdle(): void {
    if (this.isClosed && this.syncing === 0) closeSync(this.fd);
  }
}
