import { statfs } from 'node:fs/promises';
import { FileStoreError } from '../file-store-error';
import { FREE_SPACE_RESERVE_BYTES } from '../limits';

/**
 * @param neededBytes still to be written on the file system of `path`.
 * @throws FileStoreError NO_SPACE unless they fit and the reserve stays free.
 */
export async function checkFreeSpace(path: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const freeBytes = bavail * bsize - FREE_SPACE_RESERVE_BYTES;
  if (neededBytes > Math.max(freeBytes, 0)) {
    throw new FileStoreError('NO_SPACE', `${neededBytes} bytes are needed, ${Math.max(freeBytes, 0)} are free`);
  }
}
