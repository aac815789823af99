import { type Root, splitPath } from '../disk/root';
import type { EntryRow } from '../entries/entry-row';
import { SMALL_FILE_BYTES } from '../limits';
import type { SmallFileReply } from '../workers/block-jobs';
import type { WorkerPool } from '../workers/worker-pool';

/** Whether a file is read in one go, together with its neighbours. */
export function isSmall({ size }: EntryRow): boolean {
  return size <= SMALL_FILE_BYTES;
}

/** Whether a file can be read with one message to a worker together with `first`, which is small. */
export function isNeighbour(row: EntryRow, first: EntryRow): boolean {
  return isSmall(row) && row.scope === first.scope && row.folder === first.folder;
}

/**
 * Hashes small files of one folder.
 * @returns in the order of `rows`.
 * @throws FileStoreError NOT_FOUND, UNSAFE_NAME when their folder is gone; as `WorkerPool.hashFiles`.
 */
export function hashSmallFiles(
  root: Root,
  rows: readonly EntryRow[],
  pool: WorkerPool,
  control: SharedArrayBuffer,
): Promise<readonly SmallFileReply[]> {
  return root.within(rows[0]?.folder ?? '', (directory) => {
    const files = rows.map(({ path, size, mtime, inode }) => ({
      path: directory.at(splitPath(path).name),
      ...{ size, mtime, inode },
    }));
    return pool.hashFiles({ kind: 'hash-files', files, control });
  });
}
