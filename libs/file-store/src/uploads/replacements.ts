import type { Stats } from 'node:fs';
import type { Database } from '../database/database';
import type { Directory } from '../disk/directory';
import { type FileIdentity, identityOf, isSameFile } from '../disk/file-identity';
import type { Root } from '../disk/root';
import { statIn } from '../publishing/name-claims';

const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE replacement (
    part TEXT PRIMARY KEY, -- in the staging folder
    root TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime REAL NOT NULL,
    inode REAL NOT NULL
  ) STRICT;
  `,
];

/** An upload in one piece that was about to take the place of another file. */
export interface Replacement extends FileIdentity {
  readonly part: string;
  readonly path: string;
}

/** Table `replacement`: so that a crash between the move of the old file to the trash and the link of the new one is repaired. */
export class Replacements {
  constructor(
    private readonly database: Database,
    private readonly root: Root,
  ) {
    database.migrate('replacements', MIGRATIONS);
  }

  /** Resolves when it is on the disk. @param identity of the staged file, whose data is synced. */
  begin(part: string, path: string, { size, mtime, inode }: FileIdentity): Promise<void> {
    return this.database.batch(() => {
      this.database
        .prepare(`INSERT OR REPLACE INTO replacement (part, root, path, size, mtime, inode) VALUES (?, ?, ?, ?, ?, ?)`)
        .run(part, this.root.path, path, size, mtime, inode);
    });
  }

  /** Within a transaction. */
  end(part: string): void {
    this.database.prepare('DELETE FROM replacement WHERE part = ?').run(part);
  }

  /** Those whose staged file is as it was left and has no other name yet; the others are forgotten. */
  async unfinished(folder: Directory): Promise<Replacement[]> {
    const sql = 'SELECT part, path, size, mtime, inode FROM replacement WHERE root = ?';
    const rows = this.database.prepare(sql).all(this.root.path) as unknown as Replacement[];
    const open: Replacement[] = [];
    for (const row of rows) {
      if (isUnpublished(row, await statIn(folder, row.part))) open.push(row);
      else this.database.transaction(() => this.end(row.part));
    }
    return open;
  }
}

function isUnpublished(row: Replacement, stats: Stats | undefined): boolean {
  return stats?.isFile() === true && stats.nlink === 1 && isSameFile(row, identityOf(stats));
}
