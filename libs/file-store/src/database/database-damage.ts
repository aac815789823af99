import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { FileStoreError } from '../file-store-error';
import { backupOf } from './backup-copy';
import type { LostState } from './log-mark';

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

const LOST: Readonly<Record<LostState, string>> = {
  'database-missing': 'ferry.sqlite is missing or empty.',
  'log-missing': 'ferry.sqlite-wal is missing, and with it the last changes.',
  'log-damaged': 'ferry.sqlite-wal is damaged or was cut off: the last changes are lost.',
};

/** Whoever opened it may not go on: what the files said is not all there. The message says what its user can do. */
export function lostStateError(database: string, lost: LostState): FileStoreError {
  const goOn =
    lost === 'database-missing'
      ? 'delete ferry.sqlite-mark to start with no paired devices, settings and history'
      : `delete ferry.sqlite-mark to go on with the state of ${timeOf(database)}: devices that were paired, removed or restricted since then have to be paired, removed or restricted again`;
  return new FileStoreError('DAMAGED', `${LOST[lost]} Put it back if you can; or ${goOn}; ${restoring(database)}`);
}

/** The same for a file whose content is no sound database. @param cause what SQLite says. */
export function damagedError(database: string, cause: unknown): FileStoreError {
  return new FileStoreError('DAMAGED', `ferry.sqlite is damaged. Put back a sound copy; ${restoring(database)}`, {
    cause,
  });
}

/** Reads the whole file: about a second for a gigabyte that is in memory. @throws FileStoreError DAMAGED */
export function assertSound(sqlite: DatabaseSync, database: string): void {
  const found = sqlite.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (found !== 'ok') throw damagedError(database, new Error(String(found)));
}

/** Whether SQLite says that the file is damaged or none of its own. */
export function isDamage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false;
  const code = Number(error.errcode) & 0xff;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

function restoring(database: string): string {
  const made = timeOf(backupOf(database));
  const start =
    made === undefined
      ? 'there is no backup copy yet, so the node then starts with no paired devices, settings and history'
      : `copy backup/ferry.sqlite into their place, to be as on ${made}: devices that were paired, removed or restricted since then have to be paired, removed or restricted again`;
  return `or move ferry.sqlite, ferry.sqlite-wal and ferry.sqlite-mark to another folder: ${start}.`;
}

function timeOf(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtime.toISOString();
}
