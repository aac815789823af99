import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import type { FileIdentity } from '../disk/file-identity';
import { splitPath } from '../disk/root';
import { DEFAULT_VISIBILITY, ENTRY_COLUMNS, type EntryRow } from './entry-row';
import { SHOWN_TO_VIEWER } from './entry-viewers';

const SELECT = `SELECT ${ENTRY_COLUMNS} FROM entry`;
/** After `/` in code point order: `prefix/` <= path < `prefix0` are the paths below `prefix`. */
const AFTER_SLASH = '0';

export type NewEntry = Omit<EntryRow, 'rowId' | 'trashedAt'>;

/** The statements on tables `entry` and `entry_hashes`; no rules, no events. */
export class EntryTable {
  constructor(private readonly database: Database) {}

  get(id: string): EntryRow | undefined {
    return this.one(`${SELECT} WHERE id = ?`, id);
  }

  at(scope: FileScope, path: string): EntryRow | undefined {
    return this.one(`${SELECT} WHERE scope = ? AND path = ? AND trashed_at IS NULL`, scope, path);
  }

  /** Hashed entries whose file is this very file, for instance under its name before a rename. */
  hashedAs({ inode, size, mtime }: FileIdentity): EntryRow | undefined {
    return this.one(
      `${SELECT} WHERE inode = ? AND size = ? AND mtime = ? AND state = 'ready' LIMIT 1`,
      inode,
      size,
      mtime,
    );
  }

  /** An entry of the same file on disk, whatever its name and content now, for which the default visibility was changed. */
  withOwnVisibility(scope: FileScope, { inode }: FileIdentity): EntryRow | undefined {
    return this.one(
      `${SELECT} WHERE inode = ? AND scope = ? AND visibility <> ? AND trashed_at IS NULL LIMIT 1`,
      inode,
      scope,
      DEFAULT_VISIBILITY[scope],
    );
  }

  /** @param viewer only what this peer may see. */
  byFileId(fileId: string, scope: FileScope, viewer?: string): EntryRow | undefined {
    const sql = `${SELECT} WHERE file_id = ? AND scope = ? AND trashed_at IS NULL`;
    if (viewer === undefined) return this.one(`${sql} LIMIT 1`, fileId, scope);
    return this.one(`${sql} AND (visibility = 'all-paired' OR ${SHOWN_TO_VIEWER}) LIMIT 1`, fileId, scope, viewer);
  }

  /** Ids of all entries with this content. */
  idsByFileId(fileId: string): string[] {
    const rows = this.database.prepare('SELECT id FROM entry WHERE file_id = ? AND trashed_at IS NULL').all(fileId);
    return rows.map(({ id }) => id as string);
  }

  byRowId(rowId: number): EntryRow | undefined {
    return this.one(`${SELECT} WHERE row_id = ?`, rowId);
  }

  /** Entries below the folder `prefix` (`''` = all), in the order of their paths, after `afterPath` (`''` = from the first). */
  below(scope: FileScope, prefix: string, afterPath: string, limit: number): EntryRow[] {
    const from = `${SELECT} WHERE scope = ? AND trashed_at IS NULL AND path > ?`;
    if (prefix === '') return this.many(`${from} ORDER BY path LIMIT ?`, scope, afterPath, limit);
    const after = afterPath === '' ? `${prefix}/` : afterPath;
    return this.many(`${from} AND path < ? ORDER BY path LIMIT ?`, scope, after, prefix + AFTER_SLASH, limit);
  }

  /** Entries to be hashed, small ones first. */
  unhashed(limit: number): EntryRow[] {
    return this.many(`${SELECT} WHERE state = 'hashing' AND trashed_at IS NULL ORDER BY size, row_id LIMIT ?`, limit);
  }

  trashedBefore(time: number): EntryRow[] {
    return this.many(`${SELECT} WHERE trashed_at < ?`, time);
  }

  totals(scope: FileScope): { files: number; bytes: number } {
    const row = this.database
      .prepare(
        'SELECT COUNT(*) AS files, TOTAL(size) AS bytes FROM entry INDEXED BY entry_size WHERE scope = ? AND trashed_at IS NULL',
      )
      .get(scope);
    return { files: Number(row?.['files']), bytes: Number(row?.['bytes']) };
  }

  insert(entry: NewEntry): EntryRow {
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO entry (id, scope, path, path_folded, name, size, mtime, inode, added_at, media_type, state, file_id, visibility)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        entry.id,
        entry.scope,
        entry.path,
        foldPath(entry.path),
        splitPath(entry.path).name,
        entry.size,
        entry.mtime,
        entry.inode,
        entry.addedAt,
        entry.mediaType,
        entry.state,
        entry.fileId,
        entry.visibility,
      );
    return { ...entry, rowId: Number(lastInsertRowid), trashedAt: null };
  }

  update(row: EntryRow): void {
    this.database
      .prepare(
        `UPDATE entry SET path = ?, path_folded = ?, name = ?, size = ?, mtime = ?, inode = ?, media_type = ?,
         state = ?, file_id = ?, visibility = ?, trashed_at = ? WHERE row_id = ?`,
      )
      .run(
        row.path,
        foldPath(row.path),
        splitPath(row.path).name,
        row.size,
        row.mtime,
        row.inode,
        row.mediaType,
        row.state,
        row.fileId,
        row.visibility,
        row.trashedAt,
        row.rowId,
      );
  }

  delete(rowId: number): void {
    this.database.prepare('DELETE FROM entry WHERE row_id = ?').run(rowId);
  }

  hashes(rowId: number): Uint8Array | undefined {
    const row = this.database.prepare('SELECT hashes FROM entry_hashes WHERE row_id = ?').get(rowId);
    return row?.['hashes'] instanceof Uint8Array ? row['hashes'] : undefined;
  }

  /** Part of the hashes, by bytes; shorter where they end. */
  hashRange(rowId: number, offset: number, length: number): Uint8Array | undefined {
    const sql = 'SELECT substr(hashes, ?, ?) AS hashes FROM entry_hashes WHERE row_id = ?';
    const row = this.database.prepare(sql).get(offset + 1, length, rowId);
    if (!row) return undefined;
    return row['hashes'] instanceof Uint8Array ? row['hashes'] : new Uint8Array(0); // no bytes at all are NULL
  }

  setHashes(rowId: number, hashes: Uint8Array): void {
    this.database.prepare('INSERT OR REPLACE INTO entry_hashes (row_id, hashes) VALUES (?, ?)').run(rowId, hashes);
  }

  private one(sql: string, ...values: (string | number)[]): EntryRow | undefined {
    return this.database.prepare(sql).get(...values) as EntryRow | undefined;
  }

  private many(sql: string, ...values: (string | number)[]): EntryRow[] {
    return this.database.prepare(sql).all(...values) as unknown as EntryRow[];
  }
}

/** Key of the case-insensitive search. */
export function foldPath(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
