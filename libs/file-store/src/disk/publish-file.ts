import { link, unlink } from 'node:fs/promises';
import { FileStoreError, systemCode } from '../file-store-error';

/** Removes a file if it is there. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** Gives a file a second name on its file system. @returns false when there is something of that name. @throws FileStoreError IO */
export async function linkFile(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
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
}
