import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';

const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE renaming (
    row_id INTEGER PRIMARY KEY REFERENCES entry (row_id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    from_path TEXT NOT NULL,
    to_path TEXT NOT NULL
  ) STRICT;
  `,
];

/** An entry that is being given another path. */
export interface RenamingRow {
  readonly rowId: number;
  readonly from: string;
  readonly to: string;
}

/** Table `renaming`: what is being renamed, so that the next start can finish it. */
export class RenamingTable {
  constructor(private readonly database: Database) {
    database.migrate('renaming', MIGRATIONS);
  }

  insert(scope: FileScope, { rowId, from, to }: RenamingRow): void {
    this.database
      .prepare('INSERT OR REPLACE INTO renaming (row_id, scope, from_path, to_path) VALUES (?, ?, ?, ?)')
      .run(rowId, scope, from, to);
  }

  delete(rowId: number): void {
    this.database.prepare('DELETE FROM renaming WHERE row_id = ?').run(rowId);
  }

  all(scope: FileScope): RenamingRow[] {
    const sql = 'SELECT row_id AS rowId, from_path AS "from", to_path AS "to" FROM renaming WHERE scope = ?';
    return this.database.prepare(sql).all(scope) as unknown as RenamingRow[];
  }
}
