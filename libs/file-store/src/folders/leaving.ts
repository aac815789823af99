import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { STAGING_FOLDER } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import { inSteps } from '../entries/row-steps';
import { removeEmptyFolder } from '../trash/trash-recovery';
import type { ReceivedParts, SharedParts } from './scope-parts';

/** Removes our own folders from one that was left, if there is nothing in them once the uploads that were aborted have ended. */
export async function leaveNothing(parts: SharedParts | ReceivedParts): Promise<void> {
  await parts.folder.trash.removeIfEmpty();
  if ('uploads' in parts) await parts.uploads.idle();
  await removeEmptyFolder(parts.root, STAGING_FOLDER);
}

/** Takes everything of a scope off the list. */
export function removeEntries(
  scope: FileScope,
  { database, index }: { readonly database: Database; readonly index: EntryIndex },
): Promise<void> {
  return inSteps(
    database,
    (limit) => index.table.below(scope, '', '', limit),
    (row) => index.remove(row),
  );
}
