import type { Stats } from 'node:fs';

/** Tells whether a folder is still the one that was looked at before. Times in milliseconds with fraction. */
export interface FolderIdentity {
  readonly mtime: number;
  readonly inode: number;
  /** When it was made; 0 where the file system does not know. */
  readonly birth: number;
}

/** The identity of what was stat'ed. */
export function folderIdentityOf({ mtimeMs, ino, birthtimeMs }: Stats): FolderIdentity {
  return { mtime: mtimeMs, inode: ino, birth: birthtimeMs };
}

/** The same folder, whatever its name and content. Inodes are used again, so the time it was made must agree, too. */
export function isSameFolder(a: FolderIdentity, b: FolderIdentity): boolean {
  if (a.inode !== b.inode) return false;
  return a.birth > 0 && b.birth > 0 ? a.birth === b.birth : a.mtime === b.mtime;
}
