import type { EntryVisibility, FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import type { FileIdentity } from '../disk/file-identity';
import { splitPath } from '../disk/root';
import { collisionKey } from '../names/collision-key';
import { ENTRY_KEY_MIGRATIONS } from './entry-keys';
import { DEFAULT_VISIBILITY, ENTRY_COLUMNS, type EntryRow } from './entry-row';
import { SHOWN_TO_VIEWER } from './entry-viewers';

const SELECT = `SELECT ${ENTRY_COLUMNS} FROM entry`;
/** After `/` in code point order: `folder/` < path < `folder0` are the paths below `folder`. */
export const AFTER_SLASH = '0';

export type NewEntry = Omit<EntryRow, 'rowId' | 'folder' | 'fileCount' | 'trashedAt'>;

/** The statements on tables `entry` and `entry_hashes`; no rules, no events. */
export class EntryTable {
  constructor(private readonly database: Database) {
    database.migrate('entry-keys', ENTRY_KEY_MIGRATIONS);
  }

  get(id: string): EntryRow | undefined {
    return this.one(`${SELECT} WHERE id = ?`, id);
  }

  at(scope: FileScope, path: string): EntryRow | undefined {
    return this.one(`${SELECT} WHERE scope = ? AND path = ? AND trashed_at IS NULL`, scope, path);
  }

  /** Hashed entries whose file is this very file, for instance under its name before a rename. */
  hashedAs({ inode, size, mtime }: FileIdentity): EntryRow | undefined {
    return this.one(
      `${SELECT} WHERE inode = ? AND size = ? AND mtime = ? AND state = 'ready' AND kind = 'file' LIMIT 1`,
      inode,
      size,
      mtime,
    );
  }

  /** Listed entries of the scope whose file or folder has this inode. */
  withInode(scope: FileScope, inode: number, limit: number): EntryRow[] {
    return this.many(`${SELECT} WHERE inode = ? AND scope = ? AND trashed_at IS NULL LIMIT ?`, inode, scope, limit);
  }

  /** An entry of the same file on disk, whatever its name and content now, for which the default visibility was changed. */
  withOwnVisibility(scope: FileScope, { inode }: FileIdentity): EntryRow | undefined {
    return this.one(
      `${SELECT} WHERE inode = ? AND scope = ? AND visibility <> ? AND kind = 'file' AND trashed_at IS NULL LIMIT 1`,
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

  /**
   * Entries below the folder `prefix` (`''` = all), in the order of their paths, after `afterPath` (`''` = from the first).
   * @param viewer only what this peer may see.
   */
  below(scope: FileScope, prefix: string, afterPath: string, limit: number, viewer?: string): EntryRow[] {
    const isShown = viewer === undefined ? '' : `AND (visibility = 'all-paired' OR ${SHOWN_TO_VIEWER})`;
    const isBelow = prefix === '' ? '' : 'AND path < ?';
    const sql = `${SELECT} WHERE scope = ? AND trashed_at IS NULL AND path > ? ${isBelow} ${isShown} ORDER BY path LIMIT ?`;
    const after = afterPath === '' && prefix !== '' ? `${prefix}/` : afterPath;
    const bounds = prefix === '' ? [after] : [after, prefix + AFTER_SLASH];
    return this.many(sql, scope, ...bounds, ...(viewer === undefined ? [] : [viewer]), limit);
  }

  trashedBefore(time: number): EntryRow[] {
    return this.many(`${SELECT} WHERE trashed_at < ?`, time);
  }

  totals(scope: FileScope): { files: number; bytes: number } {
    const row = this.database.prepare('SELECT files, bytes FROM scope_total WHERE scope = ?').get(scope);
    return { files: Number(row?.['files']), bytes: Number(row?.['bytes']) };
  }

  /** Files anywhere below a folder that a peer may not see; quick where nothing is hidden. */
  hiddenBelow({ scope, path }: EntryRow, viewer: string): { files: number; bytes: number } {
    const sql = `SELECT COUNT(*) AS files, TOTAL(size) AS bytes FROM entry INDEXED BY entry_hidden WHERE scope = ? AND path > ?
      AND path < ? AND kind = 'file' AND trashed_at IS NULL AND visibility <> 'all-paired' AND NOT ${SHOWN_TO_VIEWER}`;
    const row = this.database.prepare(sql).get(scope, `${path}/`, path + AFTER_SLASH, viewer);
    return { files: Number(row?.['files']), bytes: Number(row?.['bytes']) };
  }

  insert(entry: NewEntry): EntryRow {
    const { folder, name } = splitPath(entry.path);
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO entry (id, scope, kind, path, path_folded, folder, name, name_key, size, mtime, inode, birth, added_at,
         media_type, state, file_id, sha256, visibility) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        entry.id,
        entry.scope,
        entry.kind,
        entry.path,
        foldPath(entry.path),
        folder,
        name,
        collisionKey(name),
        entry.size,
        entry.mtime,
        entry.inode,
        entry.birth,
        entry.addedAt,
        entry.mediaType,
        entry.state,
        entry.fileId,
        entry.sha256,
        entry.visibility,
      );
    return { ...entry, folder, rowId: Number(lastInsertRowid), fileCount: 0, trashedAt: null };
  }

  /** Writes what may change. Of a folder, `size` and `fileCount` are kept by `FolderTotals` alone. */
  update(row: EntryRow): void {
    const { folder, name } = splitPath(row.path);
    this.database
      .prepare(
        `UPDATE entry SET path = ?, path_folded = ?, folder = ?, name = ?, name_key = ?, size = iif(kind = 'file', ?, size), mtime = ?,
         inode = ?, birth = ?, media_type = ?, state = ?, file_id = ?, sha256 = ?, visibility = ?, trashed_at = ?
         WHERE row_id = ?`,
      )
      .run(
        row.path,
        foldPath(row.path),
        folder,
        name,
        collisionKey(name),
        row.size,
        row.mtime,
        row.inode,
        row.birth,
        row.mediaType,
        row.state,
        row.fileId,
        row.sha256,
        row.visibility,
        row.trashedAt,
        row.rowId,
      );
  }

  /** Of a rename: few of the indexes have to be written then, and a folder may hold 100,000 entries. */
  setPath({ rowId, path, mediaType }: EntryRow): void {
    const { folder, name } = splitPath(path);
    const sql = `UPDATE entry SET path = ?, path_folded = ?, folder = ? WHERE row_id = ?`;
    this.database.prepare(sql).run(path, foldPath(path), folder, rowId);
    const named = `UPDATE entry SET name = ?, name_key = ?, media_type = ? WHERE row_id = ? AND (name || '') <> ?`;
    this.database.prepare(named).run(name, collisionKey(name), mediaType, rowId, name);
  }

  /** Into the trash. */
  setTrashed(rowId: number, trashedAt: number): void {
    this.database.prepare('UPDATE entry SET trashed_at = ? WHERE row_id = ?').run(trashedAt, rowId);
  }

  /** Stores what hashing found. */
  setContent(rowId: number, fileId: string, sha256: string | null): void {
    this.database
      .prepare(`UPDATE entry SET state = 'ready', file_id = ?, sha256 = ? WHERE row_id = ?`)
      .run(fileId, sha256, rowId);
  }

  setSha256(rowId: number, sha256: string): void {
    this.database.prepare('UPDATE entry SET sha256 = ? WHERE row_id = ?').run(sha256, rowId);
  }

  setVisibility(rowId: number, visibility: EntryVisibility): void {
    this.database.prepare('UPDATE entry SET visibility = ? WHERE row_id = ?').run(visibility, rowId);
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
