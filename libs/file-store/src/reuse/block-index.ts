import { HASH_BYTES } from '@ferry/protocol';
import type { Database } from '../database/database';
import { ENTRY_COLUMNS, type EntryRow } from '../entries/entry-row';
import { PLACES_LOOKED_AT, PLACES_TRIED } from '../limits';
import { PREFIX_BYTES, REUSE_MIGRATIONS } from './reuse-schema';

/** Where a block may lie: a hint, as files change and only the beginning of the hash was compared. */
export interface BlockPlace {
  readonly source: number;
  readonly block: number;
}

/** A file that blocks can be copied from. */
export type SourceFile =
  | { readonly kind: 'entry'; readonly row: EntryRow }
  | { readonly kind: 'staged'; readonly part: string; readonly size: number };

/** A piece of a source that is not indexed yet. */
export interface UnindexedPiece {
  readonly source: number;
  readonly firstBlock: number;
  /** 32 bytes a block. */
  readonly hashes: Uint8Array;
  /** First block after it that is to be indexed; none after the last. */
  readonly next: number | null;
}

/** The beginning of block `index`'s hash, as the index keeps it. */
export function prefixOf(hashes: Uint8Array, index: number): Uint8Array {
  return hashes.subarray(index * HASH_BYTES, index * HASH_BYTES + PREFIX_BYTES);
}

/** Which blocks lie on this disk, and where: of shared, received, deleted and staged files. */
export class BlockIndex {
  /** The store's tables must be there. */
  constructor(readonly database: Database) {
    database.migrate('reuse', REUSE_MIGRATIONS);
  }

  /** A few places that a block may be copied from, the newest first. */
  places(hashes: Uint8Array, index: number): BlockPlace[] {
    return this.database
      .prepare(
        `SELECT place.source, place.block FROM (
           SELECT source, block FROM block_place WHERE prefix = ? ORDER BY source DESC, block DESC LIMIT ?
         ) AS place JOIN block_source USING (source) LIMIT ?`,
      )
      .all(prefixOf(hashes, index), PLACES_LOOKED_AT, PLACES_TRIED) as unknown as BlockPlace[];
  }

  /** What a place's `source` is now; nothing when it is gone. */
  file(source: number): SourceFile | undefined {
    const row = this.database.prepare('SELECT entry_row, staging_key FROM block_source WHERE source = ?').get(source);
    if (!row) return undefined;
    if (row['entry_row'] === null) return this.stagedFile(row['staging_key'] as string);
    const entry = this.database
      .prepare(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE row_id = ?`)
      .get(row['entry_row'] ?? 0);
    return entry && { kind: 'entry', row: entry as unknown as EntryRow };
  }

  /** A few entries with this content, wherever they lie. */
  twins(fileId: string): EntryRow[] {
    const sql = `SELECT ${ENTRY_COLUMNS} FROM entry WHERE file_id = ? AND state = 'ready' ORDER BY row_id DESC LIMIT ?`;
    return this.database.prepare(sql).all(fileId, PLACES_TRIED) as unknown as EntryRow[];
  }

  /** Notes blocks of an unfinished file, verified and on the disk. Call it in the transaction that commits them. */
  addStaged(key: string, hashes: Uint8Array, blocks: readonly number[]): void {
    if (blocks.length === 0) return;
    this.database
      .prepare(
        `INSERT INTO block_source (staging_key, blocks) VALUES (?, ?)
         ON CONFLICT (staging_key) DO UPDATE SET blocks = blocks + excluded.blocks`,
      )
      .run(key, blocks.length);
    const row = this.database.prepare('SELECT source FROM block_source WHERE staging_key = ?').get(key);
    for (const block of blocks) this.insert(prefixOf(hashes, block), Number(row?.['source']), block);
  }

  insert(prefix: Uint8Array, source: number, block: number): void {
    const sql = 'INSERT OR IGNORE INTO block_place (prefix, source, block) VALUES (?, ?, ?)';
    this.database.prepare(sql).run(prefix, source, block);
  }

  /** A place turned out not to hold what its prefix says. */
  forget(hashes: Uint8Array, index: number, { source, block }: BlockPlace): void {
    this.database
      .prepare('DELETE FROM block_place WHERE prefix = ? AND source = ? AND block = ?')
      .run(prefixOf(hashes, index), source, block);
  }

  /**
   * Where a deleted file lies in the trash, as a path below the trash folder.
   * @param root absolute path of the folder of its scope.
   */
  trashPath({ rowId, scope, path, trashedAt }: EntryRow, root: string): string | undefined {
    const item = this.database
      .prepare(
        `SELECT item, id, from_path AS fromPath FROM trash_item JOIN entry ON row_id = item
         WHERE deleted_at = ? AND item_scope = ? AND root = ? AND (item = ? OR kind = 'folder')
         AND item_state IN ('hiding', 'kept')`,
      )
      .get(trashedAt, scope, root, rowId);
    if (!item) return undefined;
    const id = item['id'] as string;
    return item['item'] === rowId ? id : id + path.slice((item['fromPath'] as string).length);
  }

  hasUnindexed(): boolean {
    return this.database.prepare('SELECT 1 FROM block_source WHERE next IS NOT NULL LIMIT 1').get() !== undefined;
  }

  /** Sources with blocks to be indexed, newest first, before `source`. */
  unindexed(before: number, limit: number): { source: number; next: number; blocks: number }[] {
    const sql = `SELECT source, next, blocks FROM block_source
      WHERE next IS NOT NULL AND source < ? ORDER BY source DESC LIMIT ?`;
    return this.database.prepare(sql).all(before, limit) as { source: number; next: number; blocks: number }[];
  }

  /** At most `count` block hashes of a source, from its first unindexed block on. */
  unindexedPiece(source: number, next: number, count: number): UnindexedPiece {
    const row = this.database
      .prepare(
        `SELECT substr(hashes, ?, ?) AS hashes, length(hashes) AS length FROM block_source
         JOIN entry_hashes ON row_id = entry_row WHERE source = ?`,
      )
      .get(next * HASH_BYTES + 1, count * HASH_BYTES, source);
    const hashes = row?.['hashes'] instanceof Uint8Array ? row['hashes'] : new Uint8Array(0);
    const end = next * HASH_BYTES + hashes.length;
    const isLast = end >= Number(row?.['length'] ?? 0);
    return { source, firstBlock: next, hashes, next: isLast ? null : end / HASH_BYTES };
  }

  /** Notes that a piece is indexed. */
  setIndexed({ source, next }: Pick<UnindexedPiece, 'source' | 'next'>): void {
    this.database.prepare('UPDATE block_source SET next = ? WHERE source = ?').run(next, source);
  }

  private stagedFile(key: string): SourceFile | undefined {
    const row = this.database.prepare(`SELECT part, size FROM staging WHERE key = ? AND state = 'writing'`).get(key);
    return row && { kind: 'staged', part: row['part'] as string, size: row['size'] as number };
  }
}
