import type { ConflictRule } from '@ferry/protocol';
import type { Database } from '../database/database';

/** Steps of the table of resumable uploads: append, never edit. */
export const UPLOAD_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    root TEXT NOT NULL, -- absolute path of the share in whose staging folder the bytes are
    size INTEGER, -- NULL while the client does not know it
    path TEXT NOT NULL,
    on_conflict TEXT NOT NULL,
    sha256 TEXT,
    metadata TEXT NOT NULL,
    synced_bytes INTEGER NOT NULL,
    state TEXT NOT NULL,
    final_path TEXT,
    inode REAL,
    entry_id TEXT,
    is_skipped INTEGER NOT NULL,
    touched_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX upload_state ON upload (state);
  CREATE INDEX upload_touched ON upload (touched_at);
  `,
];

/** `publishing`: has a final name and may have been linked under it; `published`: kept for clients that missed the answer. */
export type UploadState = 'writing' | 'publishing' | 'published';

/** One row of table `upload`. */
export interface UploadRow {
  readonly id: string;
  readonly root: string;
  /** Bytes; null while unknown. */
  readonly size: number | null;
  /** Safe relative path as asked for. */
  readonly path: string;
  readonly onConflict: ConflictRule;
  /** Of the whole file, lower-case hex, as the client announced it. */
  readonly sha256: string | null;
  /** The caller's, kept as it was given. */
  readonly metadata: string;
  /** Bytes that are surely on the disk. */
  readonly syncedBytes: number;
  readonly state: UploadState;
  /** Set from `publishing` on. */
  readonly finalPath: string | null;
  /** Of the staged file, set from `publishing` on. */
  readonly inode: number | null;
  /** Set with `published`. */
  readonly entryId: string | null;
  /** The rule was `skip` and the name taken: the entry is the one that was there. */
  readonly isSkipped: boolean;
  /** Milliseconds. */
  readonly touchedAt: number;
}

export type NewUpload = Pick<
  UploadRow,
  'id' | 'root' | 'size' | 'path' | 'onConflict' | 'sha256' | 'metadata' | 'touchedAt'
>;

const COLUMNS = `id, root, size, path, on_conflict AS onConflict, sha256, metadata, synced_bytes AS syncedBytes, state,
  final_path AS finalPath, inode, entry_id AS entryId, is_skipped AS isSkipped, touched_at AS touchedAt`;

/** The statements on table `upload`. */
export class UploadTable {
  constructor(private readonly database: Database) {}

  get(id: string): UploadRow | undefined {
    const row = this.database.prepare(`SELECT ${COLUMNS} FROM upload WHERE id = ?`).get(id);
    return row && toRow(row);
  }

  /** Those of one share that are not published. */
  unfinished(root: string): UploadRow[] {
    const sql = `SELECT ${COLUMNS} FROM upload WHERE state <> 'published' AND root = ?`;
    return this.database.prepare(sql).all(root).map(toRow);
  }

  /** How many are not published, in all shares. */
  countUnfinished(): number {
    const row = this.database.prepare(`SELECT count(*) AS n FROM upload WHERE state <> 'published'`).get();
    return Number(row?.['n'] ?? 0);
  }

  touchedBefore(time: number): UploadRow[] {
    return this.database.prepare(`SELECT ${COLUMNS} FROM upload WHERE touched_at < ?`).all(time).map(toRow);
  }

  insert(row: NewUpload): void {
    this.database
      .prepare(
        `INSERT INTO upload (id, root, size, path, on_conflict, sha256, metadata, synced_bytes, state, is_skipped, touched_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 0, 'writing', 0, ?)`,
      )
      .run(row.id, row.root, row.size, row.path, row.onConflict, row.sha256, row.metadata, row.touchedAt);
  }

  setSize(id: string, size: number): void {
    this.database.prepare('UPDATE upload SET size = ?, touched_at = ? WHERE id = ?').run(size, Date.now(), id);
  }

  setSyncedBytes(id: string, bytes: number): void {
    this.database.prepare('UPDATE upload SET synced_bytes = ?, touched_at = ? WHERE id = ?').run(bytes, Date.now(), id);
  }

  setPublishing(id: string, finalPath: string, inode: number): void {
    this.database
      .prepare(`UPDATE upload SET state = 'publishing', final_path = ?, inode = ?, touched_at = ? WHERE id = ?`)
      .run(finalPath, inode, Date.now(), id);
  }

  setWriting(id: string): void {
    this.database.prepare(`UPDATE upload SET state = 'writing', final_path = NULL, inode = NULL WHERE id = ?`).run(id);
  }

  setPublished(id: string, finalPath: string, entryId: string, isSkipped: boolean): void {
    this.database
      .prepare(
        `UPDATE upload SET state = 'published', final_path = ?, entry_id = ?, is_skipped = ?, touched_at = ? WHERE id = ?`,
      )
      .run(finalPath, entryId, isSkipped ? 1 : 0, Date.now(), id);
  }

  delete(id: string): void {
    this.database.prepare('DELETE FROM upload WHERE id = ?').run(id);
  }
}

function toRow(row: Readonly<Record<string, unknown>>): UploadRow {
  return { ...(row as unknown as UploadRow), isSkipped: row['isSkipped'] === 1 };
}
