import { statfs } from 'node:fs/promises';
import { formatBytes } from '@ferry/protocol';
import { FileStoreError } from '../file-store-error';
import { FREE_SPACE_RESERVE_BYTES } from '../limits';

/**
 * @param neededBytes still to be written on the file system of `path`.
 * @throws FileStoreError NO_SPACE unless they fit and the reserve stays free.
 */
export async function checkFreeSpace(path: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const freeBytes = Math.max(bavail * bsize - FREE_SPACE_RESERVE_BYTES, 0);
  if (neededBytes <= freeBytes) return;
  const missing = formatBytes(neededBytes - freeBytes);
  throw new FileStoreError(
    'NO_SPACE',
    `The disk is too full: ${formatBytes(neededBytes)} to store, ${missing} too little`,
  );
}
