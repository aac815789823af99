import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { FileStoreError } from '../file-store-error';
import { BackupCopy } from './backup-copy';
import { assertSound, damagedError, isDamage, lostStateError } from './database-damage';
import { findLostState, forgetLog } from './log-mark';
import { WriteAheadLog } from './write-ahead-log';

const SQLITE_BUSY = 5;
/** Long enough for a node that is just ending. */
const LOCK_TIMEOUT_MS = 1_000;
/** 64 MiB of 4 KiB pages. Moving them into the file blocks on the disk, so it waits for a quiet moment before. */
const MAX_LOG_PAGES = 16_384;
const QUIET_MS = 5_000;

/** What a list of 100,000 files reads and writes again and again. */
const CACHE_KIB = 32 * 1024;

interface BatchedWork {
  /** Inside the shared transaction; throws nothing. */
  run(): void;
  /** After the commit, with its failure if it failed. */
  settle(failure?: unknown): void;
}

/**
 * The node's one SQLite file: WAL, every commit durable (synchronous=FULL), locked by the
 * operating system for this process alone, so a start after `kill -9` needs no clean-up.
 */
export class Database {
  private readonly statements = new Map<string, StatementSync>();
  private batched: BatchedWork[] = [];
  private committed: (() => void)[] = [];
  private readonly finishers: (() => void)[] = [];

  private readonly quietTimer = setInterval(() => this.checkpointWhenQuiet(), QUIET_MS).unref();
  private readonly backup: BackupCopy;
  private backupListener: (error: unknown) => void = () => undefined;
  private isUnsynced = false;
  private commits = 0;
  private commitsSeen = 0;
  private commitsMoved = 0;

  private constructor(
    private readonly sqlite: DatabaseSync,
    private readonly log: WriteAheadLog,
    file: string,
  ) {
    this.backup = new BackupCopy(sqlite, file, (error) => this.backupListener(error));
  }

  /**
   * Opens or creates the file (and its folder, readable by the owner only).
   * @throws FileStoreError LOCKED when another process holds it, DAMAGED when not all is there that was, with what can be
   * done about it; IO.
   */
  static open(file: string): Database {
    let sqlite: DatabaseSync | undefined;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const lost = findLostState(file); // before SQLite makes a new log, and takes it for the old one
      if (lost) throw lostStateError(file, lost);
      sqlite = new DatabaseSync(file, { timeout: LOCK_TIMEOUT_MS });
      sqlite.exec('PRAGMA locking_mode = EXCLUSIVE');
      sqlite.exec('PRAGMA journal_mode = WAL');
      sqlite.exec('PRAGMA synchronous = FULL');
      sqlite.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
      sqlite.exec(`PRAGMA wal_autocheckpoint = ${MAX_LOG_PAGES}`);
      sqlite.exec('BEGIN EXCLUSIVE; COMMIT'); // takes the lock now, not at the first query
      assertSound(sqlite, file);
      sqlite.exec('CREATE TABLE IF NOT EXISTS migration (owner TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT');
      return new Database(sqlite, new WriteAheadLog(sqlite, file), file);
    } catch (error) {
      sqlite?.close();
      const known = openingError(error, file);
      if (sqlite && known.code === 'DAMAGED') forgetLog(file); // closing has moved what could be moved of it
      throw known;
    }
  }

  /**
   * Runs the steps that this file has not seen for `owner`, each in its own transaction.
   * @throws FileStoreError IO when the file was written by a newer version.
   */
  migrate(owner: string, steps: readonly string[]): void {
    const row = this.prepare('SELECT version FROM migration WHERE owner = ?').get(owner);
    const done = Number(row?.['version'] ?? 0);
    if (done > steps.length) {
      throw new FileStoreError('IO', `The database holds a newer version of ${owner}: ${done}`);
    }
    for (const [offset, step] of steps.slice(done).entries()) {
      this.transaction(() => {
        this.sqlite.exec(step);
        this.prepare('INSERT OR REPLACE INTO migration (owner, version) VALUES (?, ?)').run(owner, done + offset + 1);
      });
    }
  }

  /** The statement for `sql`, compiled once. Do not start it again while iterating over it. */
  prepare(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.sqlite.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  /** All of `work` or nothing, durable when it returns. Inside another transaction it joins that one. */
  transaction<T>(work: () => T): T {
    return this.sqlite.isTransaction ? work() : this.commit(work);
  }

  private commit<T>(work: () => T): T {
    this.sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      for (const finish of this.finishers) finish();
      this.sqlite.exec('COMMIT');
      this.commits += 1;
      if (!this.isUnsynced) this.log.wasSynced();
      this.runAfterCommit();
      return result;
    } catch (error) {
      if (this.sqlite.isTransaction) this.sqlite.exec('ROLLBACK');
      this.committed = [];
      throw error;
    }
  }

  /** Runs `finish` at the end of each transaction, in it, as long as the database is open; what it throws undoes the transaction. */
  beforeCommit(finish: () => void): void {
    this.finishers.push(finish);
  }

  /** To be told of changes that nobody can find out again, such as whom to trust: the backup copy follows soon. */
  backupSoon(): void {
    this.backup.soon();
  }

  /** Tells `listener` why a backup copy could not be made. */
  onBackupFailure(listener: (error: unknown) => void): void {
    this.backupListener = listener;
  }

  /** Runs `listener` once the transaction that is open now is committed; at once when there is none. */
  afterCommit(listener: () => void): void {
    if (this.sqlite.isTransaction) this.committed.push(listener);
    else listener();
  }

  /**
   * Like `transaction`, but shares one commit (one disk sync) with everything else batched in this
   * turn of the event loop, and waits for the disk off the main thread. Resolves when durable; a failing
   * `work` undoes and rejects only itself.
   */
  batch<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.batched.length === 0) setImmediate(() => void this.flush());
      let outcome: { result: T } | { error: unknown };
      this.batched.push({
        run: () => {
          try {
            outcome = { result: this.savepoint(work) };
          } catch (error) {
            outcome = { error };
          }
        },
        settle: (failure) => {
          if (failure !== undefined) reject(failure);
          else if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.result);
        },
      });
    });
  }

  /** Commits what is batched and releases the file and its lock. */
  close(): void {
    if (!this.sqlite.isOpen) return;
    clearInterval(this.quietTimer);
    this.backup.close();
    void this.flush();
    this.statements.clear();
    this.log.close();
    this.sqlite.close();
  }

  private async flush(): Promise<void> {
    const works = this.batched;
    this.batched = [];
    if (works.length === 0) return;
    try {
      this.commitUnsynced(() => works.forEach((work) => work.run()));
      await this.log.sync();
    } catch (error) {
      works.forEach((work) => work.settle(error));
      return;
    }
    works.forEach((work) => work.settle());
  }

  /** Appends the commit to the log and leaves it to the caller to sync that: a busy disk must not stop the event loop. */
  private commitUnsynced(work: () => void): void {
    this.sqlite.exec('PRAGMA synchronous = NORMAL');
    this.isUnsynced = true;
    try {
      this.commit(work);
    } finally {
      this.isUnsynced = false;
      this.sqlite.exec('PRAGMA synchronous = FULL');
    }
  }

  private checkpointWhenQuiet(): void {
    const isQuiet = this.commits === this.commitsSeen;
    this.commitsSeen = this.commits;
    if (!isQuiet || this.commitsMoved === this.commits) return;
    this.commitsMoved = this.commits;
    this.sqlite.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  private runAfterCommit(): void {
    const listeners = this.committed;
    this.committed = [];
    for (const listener of listeners) listener();
  }

  private savepoint<T>(work: () => T): T {
    const listeners = this.committed.length;
    this.sqlite.exec('SAVEPOINT work');
    try {
      const result = work();
      this.sqlite.exec('RELEASE work');
      return result;
    } catch (error) {
      this.sqlite.exec('ROLLBACK TO work; RELEASE work');
      this.committed.length = listeners;
      throw error;
    }
  }
}

function openingError(error: unknown, file: string): FileStoreError {
  if (error instanceof FileStoreError) return error;
  if (isBusy(error)) return new FileStoreError('LOCKED', 'Another process uses this data directory', { cause: error });
  if (isDamage(error)) return damagedError(file, error);
  return new FileStoreError('IO', 'Cannot open the database', { cause: error });
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
