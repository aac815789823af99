import { link, lstat, mkdir, open, rename, rmdir, unlink } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { systemCode } from '../file-store-error';
import type { Directory } from './directory';

/** A name in an open folder. */
export interface Place {
  readonly directory: Directory;
  readonly name: string;
}

const NO_HARD_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP'];

/**
 * Gives a file another name on the same file system, never over anything. Cut short, both names may be there.
 * @returns false when the name is taken. Neither folder is synced.
 */
export async function moveFile(from: Place, to: Place): Promise<boolean> {
  if (await isSameThing(from, to)) return renameTo(from, to); // another spelling, where the file system sees no difference
  try {
    await link(pathOf(from), pathOf(to));
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!NO_HARD_LINKS.includes(systemCode(error) ?? '')) throw error;
    return moveOverPlaceholder(from, to, async () => (await open(pathOf(to), 'wx')).close(), unlink);
  }
  try {
    await unlink(pathOf(from));
  } catch (error) {
    await unlink(pathOf(to));
    throw error;
  }
  return true;
}

/**
 * Gives a folder another name on the same file system, never over anything but an empty folder of our own. Cut short, that one may
 * be left.
 * @returns false when the name is taken. Neither folder is synced.
 */
export async function moveFolder(from: Place, to: Place): Promise<boolean> {
  if (await isSameThing(from, to)) return renameTo(from, to);
  return moveOverPlaceholder(from, to, () => mkdir(pathOf(to)), rmdir);
}

/** What lies at a place itself, if anything does. */
export async function statOf(place: Place): Promise<Stats | undefined> {
  try {
    return await lstat(pathOf(place));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A name is claimed by making it, which fails if it is taken; what is moved replaces what was made. */
async function moveOverPlaceholder(
  from: Place,
  to: Place,
  make: () => Promise<unknown>,
  remove: (path: string) => Promise<void>,
): Promise<boolean> {
  try {
    await make();
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    if (process.platform === 'win32') await remove(pathOf(to)); // where a folder cannot replace one
    await rename(pathOf(from), pathOf(to));
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOTEMPTY' || systemCode(error) === 'EEXIST') return false; // somebody uses it already
    await remove(pathOf(to)).catch(() => undefined); // the first error says what is wrong
    throw error;
  }
}

/** Whether both names are one: a file with two names of its own has two links. */
async function isSameThing(from: Place, to: Place): Promise<boolean> {
  const [source, target] = [await lstat(pathOf(from)), await statOf(to)];
  if (source.ino !== target?.ino || source.dev !== target.dev) return false;
  return source.isDirectory() || source.nlink === 1;
}

async function renameTo(from: Place, to: Place): Promise<true> {
  await rename(pathOf(from), pathOf(to));
  return true;
}

function pathOf({ directory, name }: Place): string {
  return directory.at(name);
}
