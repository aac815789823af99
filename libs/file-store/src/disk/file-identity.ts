import type { Stats } from 'node:fs';

/** Tells whether a file is still the one that was looked at before. `mtime`: milliseconds with fraction. */
export interface FileIdentity {
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
}

/** The identity of what was stat'ed. */
export function identityOf(stats: Stats): FileIdentity {
  return { size: stats.size, mtime: stats.mtimeMs, inode: stats.ino };
}

/** Same size, modified time and inode. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.size === b.size && a.mtime === b.mtime && a.inode === b.inode;
}
