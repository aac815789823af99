import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { systemCode } from '../file-store-error';
import { holdsUpTo, type LogPosition } from './log-frames';

/** No log is needed. */
export const NOTHING: LogPosition = { salts: [0, 0], bytes: 0 };
/** One write of this length replaces the mark before it. */
const MARK_BYTES = 96;
/** A mark that another process moves while it is looked at is no proof of anything. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 100;

/** What the files beside a mark lack. */
export type LostState = 'database-missing' | 'log-missing' | 'log-damaged';

/**
 * A small file beside the database that says how far the log was on the disk. SQLite takes a log that is gone or ends
 * early for one that never had more; with the mark such a loss is seen at the next start. It never says more than is
 * synced: it is written after the sync, and itself not synced.
 */
export class LogMark {
  private readonly fd: number;
  private last = '';
  private isClosed = false;

  /** @param database path; it is open, and its log was looked at. */
  constructor(database: string) {
    const isNew = !existsSync(markOf(database));
    this.fd = openSync(markOf(database), isNew ? 'wx' : 'r+', 0o600);
    if (isNew) this.write(NOTHING);
    fsyncSync(this.fd);
  }

  /** @param position committed and synced. */
  write(position: LogPosition): void {
    const text = JSON.stringify(position);
    if (text === this.last || this.isClosed) return;
    try {
      writeSync(this.fd, text.padEnd(MARK_BYTES - 1) + '\n', 0);
      this.last = text;
    } catch (error) {
      // The mark of before is still true: a disk that fails must not fail what it has stored.
      if (systemCode(error) === undefined) throw error;
    }
  }

  /** Whether it says so already. */
  says(position: LogPosition): boolean {
    return JSON.stringify(position) === this.last;
  }

  /** @param isMoved everything is in the database itself: no log is needed any more. */
  close(isMoved: boolean): void {
    if (isMoved) {
      this.write(NOTHING);
      fsyncSync(this.fd);
    }
    this.isClosed = true;
    closeSync(this.fd);
  }
}

/** From now on the log is not missed. Only by who has the database's lock, or no log. */
export function forgetLog(database: string): void {
  if (existsSync(markOf(database))) new LogMark(database).close(true);
}

/** What was on the disk, by the mark, and is not there now. Changes nothing. */
export function findLostState(database: string): LostState | undefined {
  let mark = readMark(database);
  for (let look = 0; mark !== undefined; look += 1) {
    const lost = lostBeside(database, parsed(mark));
    if (lost === undefined) return undefined;
    if (look >= LOOKS) return lost;
    pause();
    const now = readMark(database);
    if (now !== mark) look = 0;
    mark = now;
  }
  return undefined;
}

function lostBeside(database: string, position: LogPosition): LostState | undefined {
  if (!existsSync(database) || statSync(database).size === 0) return 'database-missing';
  if (position.bytes === 0) return undefined;
  const log = `${database}-wal`;
  if (!existsSync(log)) return 'log-missing';
  const fd = openSync(log, 'r');
  try {
    return holdsUpTo(fd, position) ? undefined : 'log-damaged';
  } finally {
    closeSync(fd);
  }
}

function readMark(database: string): string | undefined {
  try {
    return readFileSync(markOf(database), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A mark that cannot be read says nothing about the log. */
function parsed(text: string): LogPosition {
  try {
    const { salts, bytes } = JSON.parse(text) as Partial<LogPosition>;
    const [first, second] = salts ?? [];
    if ([first, second, bytes].every((value) => Number.isSafeInteger(value)))
      return { salts: [first as number, second as number], bytes: bytes as number };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return NOTHING;
}

/** At start, where nothing else runs yet and the database is opened without waiting anyway. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_LOOKS_MS);
}

function markOf(database: string): string {
  return `${database}-mark`;
}
