import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rmdir, unlink } from 'node:fs/promises';
import { systemCode } from '../file-store-error';
import { MAX_REMOVALS_IN_FLIGHT } from '../limits';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
const IS_FOLDER = ['EISDIR', 'EPERM', 'EACCES'];
const SLASH = Buffer.from('/');

/**
 * Deletes what lies at `path` for good, with everything below it. A symlink is deleted and never followed, even if it takes the
 * place of a folder meanwhile; names need not be UTF-8.
 * @param path in a folder that nobody moves, such as `Directory.at` gives.
 */
export async function removeTree(path: string): Promise<void> {
  await remove(Buffer.from(path));
}

async function remove(path: Buffer): Promise<void> {
  if (!(await removeFile(path))) await removeFolder(path);
}

/** @returns false for a folder. */
async function removeFile(path: Buffer): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return true;
    if (IS_FOLDER.includes(code ?? '') && (await lstat(path)).isDirectory()) return false;
    throw error;
  }
}

/** Files many at a time, folders one after the other: each holds a descriptor open. */
async function removeFolder(path: Buffer): Promise<void> {
  const handle = await openFolder(path);
  try {
    const base = process.platform === 'linux' && handle ? Buffer.from(`/proc/self/fd/${handle.fd}`) : path;
    const paths = (await readdir(base, { encoding: 'buffer' })).map((name) => Buffer.concat([base, SLASH, name]));
    for (let at = 0; at < paths.length; at += MAX_REMOVALS_IN_FLIGHT) {
      const some = paths.slice(at, at + MAX_REMOVALS_IN_FLIGHT);
      const areGone = await Promise.all(some.map(removeFile));
      for (const [index, below] of some.entries()) if (!areGone[index]) await removeFolder(below);
    }
  } finally {
    await handle?.close();
  }
  await rmdir(path);
}

async function openFolder(path: Buffer): Promise<FileHandle | undefined> {
  return process.platform === 'win32' ? undefined : open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}
