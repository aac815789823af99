import { randomUUID } from 'node:crypto';
import { link, lstat, mkdir, realpath, rmdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, relative, sep } from 'node:path';
import type { FileScope } from '@ferry/protocol';
import { DATABASE_FILE, isDataFolder } from '../disk/data-folder';
import { Root, STAGING_FOLDER, TRASH_FOLDER } from '../disk/root';
import { FileStoreError, systemCode } from '../file-store-error';

/** What the system shows there is made up as one looks: none of it can be shared or written to. */
const SYSTEM_FOLDERS = ['/proc', '/sys', '/dev'];
const OWN_FOLDERS = [STAGING_FOLDER, TRASH_FOLDER];

/** A folder that must lie apart, with what it is called in words. */
export interface OtherFolder {
  readonly path: string;
  readonly words: string;
}

/**
 * Where a folder really is, all symlinks followed; what is missing of it is not made.
 * @throws FileStoreError FOLDER_UNUSABLE for one that would publish what is private, or that lies in or around another one of ours.
 */
export async function locateFolder(scope: FileScope, asked: string, others: readonly OtherFolder[]): Promise<string> {
  const path = await realPlace(asked).catch((error: unknown) => {
    throw unusable(scope, `cannot be reached (${systemCode(error) ?? 'unknown'})`, error);
  });
  if (path === parse(path).root) throw unusable(scope, 'must not be the whole disk');
  if (process.platform === 'linux' && SYSTEM_FOLDERS.some((each) => contains(each, path))) {
    throw unusable(scope, 'must not be one of the system itself');
  }
  if (path.split(sep).some((name) => OWN_FOLDERS.includes(name.toLowerCase()))) {
    throw unusable(scope, 'must not be or lie in one that a node keeps deleted or unfinished files in');
  }
  for (const { path: other, words } of others) {
    const real = await realPlace(other);
    if (contains(path, real)) throw unusable(scope, `must not be or contain ${words}`);
    if (contains(real, path)) throw unusable(scope, `must not lie in ${words}`);
  }
  for (let above = dirname(path); above !== dirname(above); above = dirname(above)) {
    if (await isDataFolder(above)) throw unusable(scope, 'must not lie in the data folder of a node');
  }
  return path;
}

/**
 * Makes the folder if it is missing and finds out whether files can be written and get names in it.
 * @throws FileStoreError FOLDER_UNUSABLE with the reason.
 */
export async function assertMakeable(scope: FileScope, path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    if (!(await lstat(path)).isDirectory()) throw unusable(scope, 'is a file');
  } catch (error) {
    if (error instanceof FileStoreError) throw error;
    throw unusable(scope, `cannot be made (${systemCode(error) ?? 'unknown'})`, error);
  }
  if (await isThere(join(path, DATABASE_FILE))) throw unusable(scope, 'is the data folder of a node');
}

/** @throws FileStoreError FOLDER_UNUSABLE */
export async function assertWritable(root: Root): Promise<void> {
  const probe = `probe-${randomUUID()}`;
  try {
    const folder = await root.openOwnFolder(STAGING_FOLDER);
    const [one, two] = [folder.at(probe), folder.at(`${probe}-2`)];
    try {
      await writeFile(one, '', { flag: 'wx' });
      await link(one, two);
    } finally {
      await Promise.allSettled([unlink(one), unlink(two)]);
      await folder.close();
    }
  } catch (error) {
    const code = systemCode(error) ?? 'unknown';
    const reason = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(code)
      ? 'cannot hold files under two names (hard links), which this node needs'
      : 'cannot be written to';
    throw unusable(root.scope, `${reason} (${code})`, error);
  }
}

/**
 * Finds out the same of a folder that may be missing, and removes what had to be made for it.
 * @throws FileStoreError FOLDER_UNUSABLE
 */
export async function tryFolder(scope: FileScope, path: string): Promise<void> {
  const missing: string[] = [];
  for (let each = join(path, STAGING_FOLDER); !(await isSomewhere(each)); each = dirname(each)) missing.push(each);
  try {
    await assertMakeable(scope, path);
    const root = await Root.open(scope, path);
    await assertWritable(root).finally(() => root.close());
  } finally {
    for (const each of missing) await rmdir(each).catch(() => undefined); // never made, or somebody uses it by now
  }
}

export function privateFolder(path: string): OtherFolder {
  return { path, words: 'the data folder of this node' };
}

export function unusable(scope: FileScope, reason: string, cause?: unknown): FileStoreError {
  return new FileStoreError('FOLDER_UNUSABLE', `The folder for ${scope} files ${reason}`, { cause });
}

/** Of the part of it that is there; what is missing cannot be a symlink. */
export async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (systemCode(error) !== 'ENOENT' || parent === path || (await isThere(path))) throw error; // a dangling symlink is there
    return join(await realPlace(parent), relative(parent, path));
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Or at the top; where nobody may look, what is above is looked at. */
async function isSomewhere(path: string): Promise<boolean> {
  return isThere(path).catch(() => dirname(path) === path);
}

/** Whether `inner` is `outer` or lies in it. */
function contains(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
}
