import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { ENTRY_COLUMNS, type EntryRow } from '../entries/entry-row';

export const TRASH_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE trash_item (
    item INTEGER PRIMARY KEY REFERENCES entry (row_id) ON DELETE CASCADE,
    item_scope TEXT NOT NULL,
    root TEXT, -- absolute path of the folder in whose trash it lies; NULL: that of its scope when this table was made
    deleted_at INTEGER NOT NULL, -- trashed_at of its entry and, of a folder, of all entries below it; no two folders have the same
    bytes INTEGER NOT NULL,
    item_state TEXT NOT NULL, -- hiding, kept, restoring, purging
    from_path TEXT NOT NULL, -- where it was
    to_path TEXT -- where it is being restored to
  ) STRICT;
  CREATE INDEX trash_item_time ON trash_item (deleted_at, item);
  CREATE INDEX trash_item_place ON trash_item (item_scope, root, item_state, bytes);
  CREATE INDEX entry_trashed_path ON entry (trashed_at, path) WHERE trashed_at IS NOT NULL;
  INSERT INTO trash_item
    SELECT row_id, scope, NULL, trashed_at, size, 'kept', path, NULL FROM entry WHERE trashed_at IS NOT NULL;
  `,
];

/** `hiding`: on the disk it is in the trash, some entries below it are still listed. All but `kept` is finished by the next start. */
export type TrashState = 'hiding' | 'kept' | 'restoring' | 'purging';

/** What was deleted in one go: a file, or a folder with all below it. `path` and `trashedAt` are those of its entry. */
export interface TrashRow extends EntryRow {
  readonly trashState: TrashState;
  readonly deletedAt: number;
  readonly fromPath: string;
  readonly toPath: string | null;
}

/** A folder whose trash is listed. */
export interface TrashPlace {
  readonly scope: FileScope;
  /** Absolute path. */
  readonly root: string;
}

export interface TrashPosition {
  readonly deletedAt: number;
  readonly rowId: number;
}

const ITEMS = `SELECT ${ENTRY_COLUMNS}, item_state AS trashState, deleted_at AS deletedAt, from_path AS fromPath,
  to_path AS toPath FROM trash_item JOIN entry ON row_id = item`;
const IN_PLACE = 'item_scope = ? AND root = ?';
/** What has left the list and can be restored. */
const IS_THERE = "item_state IN ('hiding', 'kept')";

/** The statements on table `trash_item`; the entries in the trash have `trashed_at` set. */
export class TrashTable {
  constructor(private readonly database: Database) {
    database.migrate('trash', TRASH_MIGRATIONS);
  }

  /** Items from before this table lie in the folder that their scope has now. */
  claim({ scope, root }: TrashPlace): void {
    this.database.prepare('UPDATE trash_item SET root = ? WHERE item_scope = ? AND root IS NULL').run(root, scope);
  }

  /** The item lies in this folder, whatever was known. */
  claimItem(rowId: number, { scope, root }: TrashPlace): void {
    this.database
      .prepare('UPDATE trash_item SET root = ? WHERE item = ? AND item_scope = ? AND root <> ?')
      .run(root, rowId, scope, root);
  }

  get({ scope, root }: TrashPlace, rowId: number): TrashRow | undefined {
    return this.rows(`${ITEMS} WHERE item = ? AND ${IN_PLACE}`, rowId, scope, root)[0];
  }

  /** A time that no other item has. */
  freshTime(): number {
    const row = this.database.prepare('SELECT MAX(deleted_at) AS latest FROM trash_item').get();
    return Math.max(Date.now(), Number(row?.['latest'] ?? 0) + 1);
  }

  insert({ rowId, scope, size, path }: EntryRow, root: string, deletedAt: number, state: TrashState): void {
    this.database
      .prepare(
        `INSERT INTO trash_item (item, item_scope, root, deleted_at, bytes, item_state, from_path, to_path)
         VALUES (?, ?, ?, ?, ?, ?, ?, NULL)`,
      )
      .run(rowId, scope, root, deletedAt, size, state, path);
  }

  /** @returns false when the item is not, or not any more, in the state `from`. */
  change(rowId: number, from: TrashState, to: TrashState, toPath: string | null = null): boolean {
    const { changes } = this.database
      .prepare('UPDATE trash_item SET item_state = ?, to_path = ? WHERE item = ? AND item_state = ?')
      .run(to, toPath, rowId, from);
    return changes === 1;
  }

  delete(rowId: number): void {
    this.database.prepare('DELETE FROM trash_item WHERE item = ?').run(rowId);
  }

  /** What is in this state. */
  inState({ scope, root }: TrashPlace, state: TrashState): TrashRow[] {
    return this.rows(`${ITEMS} WHERE ${IN_PLACE} AND item_state = ?`, scope, root, state);
  }

  /** What was put here before `time` (milliseconds), the oldest first. */
  before({ scope, root }: TrashPlace, time: number, limit: number): TrashRow[] {
    const sql = `${ITEMS} WHERE ${IN_PLACE} AND item_state = 'kept' AND deleted_at < ? ORDER BY deleted_at, item LIMIT ?`;
    return this.rows(sql, scope, root, time, limit);
  }

  /** Entries in the trash that lay below the folder of an item, parents before what they hold. */
  below({ rowId, scope, deletedAt }: TrashRow, limit: number): EntryRow[] {
    const sql = `SELECT ${ENTRY_COLUMNS} FROM entry INDEXED BY entry_trashed_path
      WHERE trashed_at = ? AND scope = ? AND row_id <> ? ORDER BY path LIMIT ?`;
    return this.database.prepare(sql).all(deletedAt, scope, rowId, limit) as unknown as EntryRow[];
  }

  /** One page, the newest first. */
  page(places: readonly TrashPlace[], after: TrashPosition | undefined, limit: number): TrashRow[] {
    const from = after ? 'AND (deleted_at, item) < (?, ?)' : '';
    const sql = `${ITEMS} WHERE (${places.map(() => `(${IN_PLACE})`).join(' OR ')}) AND ${IS_THERE} ${from}
      ORDER BY deleted_at DESC, item DESC LIMIT ?`;
    const position = after ? [after.deletedAt, after.rowId] : [];
    return this.rows(sql, ...places.flatMap(({ scope, root }) => [scope, root]), ...position, limit);
  }

  /** Number and bytes of the items. */
  totals(places: readonly TrashPlace[]): { items: number; bytes: number } {
    const sql = `SELECT COUNT(*) AS items, TOTAL(bytes) AS bytes FROM trash_item WHERE ${IN_PLACE} AND ${IS_THERE}`;
    const sums = places.map(({ scope, root }) => this.database.prepare(sql).get(scope, root));
    return {
      items: sums.reduce((sum, row) => sum + Number(row?.['items']), 0),
      bytes: sums.reduce((sum, row) => sum + Number(row?.['bytes']), 0),
    };
  }

  private rows(sql: string, ...values: (string | number)[]): TrashRow[] {
    return this.database.prepare(sql).all(...values) as unknown as TrashRow[];
  }
}
