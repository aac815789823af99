import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const DATABASE_FILE = 'ferry.sqlite';
const OTHERS = 0o077;

/**
 * Makes the data folder, or takes it back from other users of the machine: what is in it tells what is shared with whom.
 * Windows has no such modes; there the folder has the rights of the one it lies in.
 * @returns where the database lies in it.
 */
export function openDataFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  closeToOthers(folder, 0o700);
  const database = join(folder, DATABASE_FILE);
  for (const file of [database, ...['-wal', '-shm', '-mark'].map((end) => `${database}${end}`)]) {
    if (existsSync(file)) closeToOthers(file, 0o600);
  }
  return database;
}

/** Runs `create` so that the files it makes are the owner's alone. Synchronous: the mask holds for the whole process. */
export function privately<T>(create: () => T): T {
  const before = process.umask(OTHERS);
  try {
    return create();
  } finally {
    process.umask(before);
  }
}

function closeToOthers(path: string, mode: number): void {
  if ((statSync(path).mode & OTHERS) !== 0) chmodSync(path, mode);
}
