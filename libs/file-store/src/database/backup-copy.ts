import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { backup, type DatabaseSync } from 'node:sqlite';
import { BACKUP_AFTER_MS, BACKUP_INTERVAL_MS, BACKUP_LOOK_MS } from '../limits';

/** Pages of one step, during which the database answers nobody. */
const PAGES_A_STEP = 200;

/** Where the backup copy of a database lies: `backup/` beside it. */
export function backupOf(database: string): string {
  return join(dirname(database), 'backup', basename(database));
}

/** Keeps a copy of the database for the day on which it is damaged: of every day, and soon after changes that matter. */
export class BackupCopy {
  private readonly target: string;
  private readonly dailyTimer = setInterval(() => this.makeWhenOld(), BACKUP_LOOK_MS).unref();
  private soonTimer: NodeJS.Timeout | undefined;
  private making: Promise<void> | undefined;
  private isClosed = false;

  constructor(
    private readonly sqlite: DatabaseSync,
    database: string,
    private readonly onError: (error: unknown) => void,
  ) {
    this.target = backupOf(database);
  }

  /** Something changed that nobody can find out again, such as whom to trust. */
  soon(): void {
    this.soonTimer ??= setTimeout(() => {
      this.soonTimer = undefined;
      this.make();
    }, BACKUP_AFTER_MS).unref();
  }

  /** What is being copied is dropped. */
  close(): void {
    this.isClosed = true;
    clearInterval(this.dailyTimer);
    clearTimeout(this.soonTimer);
  }

  private makeWhenOld(): void {
    const madeAt = statSync(this.target, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - madeAt >= BACKUP_INTERVAL_MS) this.make();
  }

  private make(): void {
    if (this.making) return this.soon(); // the change came too late for the one under way
    this.making = this.copy()
      .catch((error: unknown) => this.isClosed || this.onError(error))
      .then(() => (this.making = undefined));
  }

  private async copy(): Promise<void> {
    const temporary = `${this.target}.tmp`;
    mkdirSync(dirname(this.target), { recursive: true, mode: 0o700 });
    rmSync(temporary, { force: true });
    closeSync(openSync(temporary, 'wx', 0o600));
    try {
      await backup(this.sqlite, temporary, { rate: PAGES_A_STEP });
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    if (this.isClosed) return;
    renameSync(temporary, this.target); // SQLite has synced it
    if (process.platform !== 'win32') syncFolder(dirname(this.target)); // folders cannot be opened there
  }
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
