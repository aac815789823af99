import type { Database } from '../database/database';
import type { EntryRow } from './entry-row';
import type { EntryTable } from './entry-table';

const UNHASHED = `state = 'hashing' AND trashed_at IS NULL`;
const UNSUMMED = `sha256 IS NULL AND kind = 'file' AND state = 'ready' AND trashed_at IS NULL`;
/** Small files in the order they were found, then by size, as the indexes of both are sorted; the number is `SMALL_FILE_BYTES`. */
const SMALL_FIRST = 'ORDER BY max(size, 262144), row_id';

/** Which entries wait to be hashed. */
export class EntryBacklog {
  constructor(
    private readonly database: Database,
    private readonly table: EntryTable,
  ) {}

  /** The first `count` entries to be hashed that are free. */
  unhashed(count: number, isFree: (rowId: number) => boolean): EntryRow[] {
    return this.free(UNHASHED, count, isFree);
  }

  /** The same of files whose whole-file SHA-256 is to be computed. */
  unsummed(count: number, isFree: (rowId: number) => boolean): EntryRow[] {
    return this.free(UNSUMMED, count, isFree);
  }

  /** How much is to be hashed. */
  totals(): { files: number; bytes: number } {
    const sql = `SELECT COUNT(*) AS files, TOTAL(size) AS bytes FROM entry INDEXED BY entry_unhashed WHERE ${UNHASHED}`;
    const row = this.database.prepare(sql).get();
    return { files: Number(row?.['files']), bytes: Number(row?.['bytes']) };
  }

  /** Reads an index alone until it has found enough: very many may not be free. */
  private free(where: string, count: number, isFree: (rowId: number) => boolean): EntryRow[] {
    const rowIds: number[] = [];
    const found = this.database.prepare(`SELECT row_id AS rowId FROM entry WHERE ${where} ${SMALL_FIRST}`).iterate();
    for (const { rowId } of found) {
      if (!isFree(Number(rowId))) continue;
      rowIds.push(Number(rowId));
      if (rowIds.length === count) break;
    }
    return rowIds.map((rowId) => this.table.byRowId(rowId)).filter((row) => row !== undefined);
  }
}
