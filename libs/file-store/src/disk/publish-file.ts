import { link, lstat, unlink } from 'node:fs/promises';
import { FileStoreError, asStoreError, systemCode } from '../file-store-error';
import { numberedName } from '../names/safe-name';
import type { Directory } from './directory';
import { type Root, splitPath } from './root';

const MAX_NUMBERED_NAMES = 10_000;

/**
 * Gives the file `source` (any path on the same file system) its final name below the root, never over
 * another file: `path`, else `name (2).ext` and so on. The new name is durable when this resolves;
 * `source` stays as it is.
 * @param beforeLink called with each name before it is tried.
 * @returns the relative path it got.
 * @throws FileStoreError UNSAFE_NAME when a file or symlink stands where a folder is needed, IO, NO_SPACE.
 */
export async function publishFile(
  root: Root,
  source: string,
  path: string,
  beforeLink: (path: string) => Promise<void> = async () => undefined,
): Promise<string> {
  const { folder, name } = splitPath(path);
  try {
    return await root.within(
      folder,
      async (directory) => {
        for (let number = 1; number <= MAX_NUMBERED_NAMES; number++) {
          const candidate = number === 1 ? name : numberedName(name, number);
          if (await exists(directory, candidate)) continue; // spares beforeLink; link decides
          const final = folder === '' ? candidate : `${folder}/${candidate}`;
          await beforeLink(final);
          if (await tryLink(source, directory, candidate)) return final;
        }
        throw new FileStoreError('IO', `There are ${MAX_NUMBERED_NAMES} files of that name`);
      },
      { create: true },
    );
  } catch (error) {
    throw asStoreError(error, 'publishing a file');
  }
}

/** Removes a file if it is there. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

async function tryLink(source: string, directory: Directory, name: string): Promise<boolean> {
  try {
    await link(source, directory.at(name));
  } catch (error) {
    switch (systemCode(error)) {
      case 'EEXIST':
        return false;
      case 'EXDEV':
        throw new FileStoreError('IO', 'The folder is on another file system than its root', { cause: error });
      case 'EPERM':
      case 'ENOTSUP':
      case 'EOPNOTSUPP':
        throw new FileStoreError('IO', 'The file system has no hard links, which publishing needs', { cause: error });
      default:
        throw error;
    }
  }
  try {
    await directory.sync();
    return true;
  } catch (error) {
    await unlink(directory.at(name)); // a name that may vanish must not be seen
    throw error;
  }
}

async function exists(directory: Directory, name: string): Promise<boolean> {
  try {
    await lstat(directory.at(name));
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
