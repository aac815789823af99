import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { collisionKey } from '../names/collision-key';

/** `name_key` is NULL in rows from before this step, until `fill` has seen them. */
export const ENTRY_KEY_MIGRATIONS: readonly string[] = [
  `
  ALTER TABLE entry ADD COLUMN name_key TEXT; -- collisionKey(name)
  CREATE INDEX entry_name_key ON entry (scope, folder, name_key) WHERE trashed_at IS NULL;
  CREATE INDEX entry_unkeyed ON entry (row_id) WHERE name_key IS NULL;
  `,
];

/** Rows of one transaction of `fill`. */
const FILL_STEP = 1_000;
/** Entries with one key in one folder that are looked at: more than one there are only where somebody made them by hand. */
const SAME_KEY_LIMIT = 64;

/** Finds the entries that a name would collide with: one look into an index, however many entries the folder has. */
export class EntryKeys {
  constructor(private readonly database: Database) {}

  /** Gives their key to entries that were stored before there were keys. */
  async fill(): Promise<void> {
    const unkeyed = 'SELECT row_id AS rowId, name FROM entry WHERE name_key IS NULL LIMIT ?';
    for (;;) {
      const rows = this.database.prepare(unkeyed).all(FILL_STEP);
      if (rows.length === 0) return;
      this.database.transaction(() => {
        const update = this.database.prepare('UPDATE entry SET name_key = ? WHERE row_id = ?');
        for (const { rowId, name } of rows) update.run(collisionKey(String(name)), Number(rowId));
      });
      await nextTurn();
    }
  }

  /** Paths of the listed files and folders directly in `folder` whose names have this key. */
  find(scope: FileScope, folder: string, key: string): string[] {
    const sql = `SELECT path FROM entry INDEXED BY entry_name_key
      WHERE scope = ? AND folder = ? AND name_key = ? AND trashed_at IS NULL LIMIT ?`;
    return this.database
      .prepare(sql)
      .all(scope, folder, key, SAME_KEY_LIMIT)
      .map(({ path }) => path as string);
  }
}
