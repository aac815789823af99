import { lstat, readdir } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Directory } from '../disk/directory';
import { removeFile } from '../disk/publish-file';
import { systemCode } from '../file-store-error';
import { ORPHANED_STAGING_MS } from '../limits';
import type { StagingTable } from './staging-table';

/** Staged files looked up in one turn of the event loop. */
const PARTS_PER_TURN = 256;

/**
 * Removes staged files that no row knows, once they are old, and second names of published ones at once.
 * @param isOpen whether a staged file is in use.
 */
export async function removeOrphans(
  folder: Directory,
  table: StagingTable,
  isOpen: (part: string) => boolean,
): Promise<void> {
  const oldest = Date.now() - ORPHANED_STAGING_MS;
  table.deletePublishedBefore(oldest);
  for (const [at, part] of (await readdir(folder.base)).entries()) {
    if (at % PARTS_PER_TURN === 0) await nextTurn();
    const state = table.stateOfPart(part);
    const isOrphan = state === 'published' || (state === undefined && (await isOlder(folder.at(part), oldest)));
    if (isOrphan && !isOpen(part)) await removeFile(folder.at(part));
  }
}

async function isOlder(path: string, time: number): Promise<boolean> {
  try {
    const stats = await lstat(path);
    return stats.isFile() && stats.mtimeMs < time;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false; // whoever made it has removed it
    throw error;
  }
}
