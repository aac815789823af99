import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { foldersAbove } from '../disk/root';
import type { EntryRow } from './entry-row';
import type { EntryTable } from './entry-table';

interface Change {
  readonly scope: FileScope;
  readonly folder: string;
  bytes: number;
  files: number;
}

/**
 * Keeps number and bytes of the files below each folder, and of all of a scope. Triggers note per folder what a transaction changed in it; `settle`
 * adds that to the rows of the folders above, so reading them sums nothing.
 */
export class FolderTotals {
  constructor(
    private readonly database: Database,
    private readonly table: EntryTable,
  ) {}

  /** For the end of each transaction. @returns the folders whose numbers changed, as they are now. */
  settle(): EntryRow[] {
    const rowIds = [...this.applyChanges(), ...this.recount()];
    return rowIds.map((rowId) => this.table.byRowId(rowId)).filter((row) => row !== undefined);
  }

  private applyChanges(): number[] {
    const found = this.database.prepare('SELECT scope, folder, bytes, files FROM folder_change').all();
    if (found.length === 0) return [];
    const update = this.database.prepare(
      `UPDATE entry SET size = size + ?, file_count = file_count + ? WHERE scope = ? AND path = ? AND kind = 'folder'
       AND trashed_at IS NULL AND row_id NOT IN (SELECT row_id FROM folder_recount) RETURNING row_id AS rowId`,
    );
    const total = this.database.prepare('UPDATE scope_total SET files = files + ?, bytes = bytes + ? WHERE scope = ?');
    for (const { scope, bytes, files } of found as unknown as Change[]) total.run(files, bytes, scope);
    const rowIds: number[] = [];
    for (const { scope, folder, bytes, files } of summed(found as unknown as Change[])) {
      const row = bytes === 0 && files === 0 ? undefined : update.get(bytes, files, scope, folder);
      if (row) rowIds.push(Number(row['rowId']));
    }
    this.database.prepare('DELETE FROM folder_change').run();
    return rowIds;
  }

  private recount(): number[] {
    const found = this.database.prepare('SELECT row_id AS rowId FROM folder_recount').all();
    if (found.length === 0) return [];
    const update = this.database.prepare(
      `UPDATE entry SET (size, file_count) = (
         SELECT CAST(TOTAL(below.size) AS INTEGER), COUNT(*) FROM entry AS below INDEXED BY entry_below
         WHERE below.scope = entry.scope AND below.path > entry.path || '/' AND below.path < entry.path || '0'
           AND below.kind = 'file' AND below.trashed_at IS NULL)
       WHERE row_id = ?`,
    );
    for (const { rowId } of found) update.run(Number(rowId));
    this.database.prepare('DELETE FROM folder_recount').run();
    return found.map(({ rowId }) => Number(rowId));
  }
}

/** What changed in folders, for them and for each folder above. */
function summed(changes: readonly Change[]): Iterable<Change> {
  const sums = new Map<string, Change>();
  for (const { scope, folder, bytes, files } of changes) {
    for (const above of foldersAbove(folder)) {
      const key = `${scope}/${above}`;
      const sum = sums.get(key);
      if (!sum) sums.set(key, { scope, folder: above, bytes, files });
      else {
        sum.bytes += bytes;
        sum.files += files;
      }
    }
  }
  return sums.values();
}
