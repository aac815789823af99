import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const dataSync = promisify(fdatasync);

/**
 * SQLite's log beside its database file, for syncing it in the thread pool. SQLite holds no lock on this file, so an own
 * descriptor of it can be opened and closed without losing one.
 */
export class WriteAheadLog {
  private readonly fd: number;
  private syncing = 0;
  private isClosed = false;

  /** @param database path of the database; it must be open in WAL mode, so that its log exists. */
  constructor(database: string) {
    this.fd = openSync(`${database}-wal`, 'r+');
  }

  /** Resolves when all that was committed before the call is on the disk. */
  async sync(): Promise<void> {
    if (this.isClosed) return; // closing the database synced everything
    this.syncing += 1;
    try {
      await dataSync(this.fd);
    } finally {
      this.syncing -= 1;
      this.closeWhenIdle();
    }
  }

  close(): void {
    this.isClosed = true;
    this.closeWhenIdle();
  }

  /** A descriptor under a running sync must not be closed: its number may be given to another file. */
  private closeWhenIdle(): void {
    if (this.isClosed && this.syncing === 0) closeSync(this.fd);
  }
}
