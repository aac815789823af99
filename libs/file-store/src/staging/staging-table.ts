import type { ConflictRule } from '@ferry/protocol';
import type { Database } from '../database/database';

/** `published`: kept for a while so that `findPublished` can answer after a crash. */
export type StagingState = 'writing' | 'publishing' | 'published';

/** One row of table `staging`. */
export interface StagingRow {
  readonly key: string;
  /** File name in the staging folder. */
  readonly part: string;
  readonly fileId: string;
  readonly size: number;
  /** Safe relative path as asked for. */
  readonly path: string;
  /** Milliseconds. */
  readonly modifiedAt: number;
  readonly mediaType: string;
  readonly hashes: Uint8Array;
  /** A `BlockMap`: synced blocks only. */
  readonly blocks: Uint8Array;
  readonly state: StagingState;
  /** Set from `publishing` on. */
  readonly finalPath: string | null;
  /** Of the staged file. */
  readonly inode: number;
  readonly entryId: string | null;
  /** What happens when the name is taken. */
  readonly onConflict: ConflictRule;
}

/** Beside what FILE_STORE_MIGRATIONS made. */
const MIGRATIONS: readonly string[] = [
  `ALTER TABLE staging ADD COLUMN on_conflict TEXT NOT NULL DEFAULT 'keep-both';
   CREATE INDEX staging_touched ON staging (touched_at);`,
];

const COLUMNS = `key, part, file_id AS fileId, size, path, modified_at AS modifiedAt, media_type AS mediaType,
  hashes, blocks, state, final_path AS finalPath, inode, entry_id AS entryId,
  on_conflict AS onConflict`;
const PAGE_ROWS = 256;
const NOTHING = new Uint8Array();

/** The statements on table `staging`. */
export class StagingTable {
  constructor(private readonly database: Database) {
    database.migrate('staging', MIGRATIONS);
  }

  get(key: string): StagingRow | undefined {
    return this.database.prepare(`SELECT ${COLUMNS} FROM staging WHERE key = ?`).get(key) as StagingRow | undefined;
  }

  publishing(): StagingRow[] {
    const sql = `SELECT ${COLUMNS} FROM staging WHERE state = 'publishing'`;
    return this.database.prepare(sql).all() as unknown as StagingRow[];
  }

  countUnfinished(): number {
    const row = this.database.prepare(`SELECT COUNT(*) AS n FROM staging WHERE state <> 'published'`).get();
    return Number(row?.['n']);
  }

  /** State of the row that owns a file of the staging folder. */
  stateOfPart(part: string): StagingState | undefined {
    const row = this.database.prepare('SELECT state FROM staging WHERE part = ?').get(part);
    return row?.['state'] as StagingState | undefined;
  }

  put(row: StagingRow): void {
    this.database
      .prepare(
        `INSERT OR REPLACE INTO staging (key, part, file_id, size, path, modified_at, media_type, hashes, blocks,
         state, final_path, inode, entry_id, on_conflict, touched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        row.key,
        row.part,
        row.fileId,
        row.size,
        row.path,
        row.modifiedAt,
        row.mediaType,
        row.hashes,
        row.blocks,
        row.state,
        row.finalPath,
        row.inode,
        row.entryId,
        row.onConflict,
        Date.now(),
      );
  }

  setBlocks(key: string, blocks: Uint8Array): void {
    this.database.prepare('UPDATE staging SET blocks = ?, touched_at = ? WHERE key = ?').run(blocks, Date.now(), key);
  }

  setPublishing(key: string, finalPath: string, blocks: Uint8Array): void {
    this.database
      .prepare(`UPDATE staging SET state = 'publishing', final_path = ?, blocks = ? WHERE key = ?`)
      .run(finalPath, blocks, key);
  }

  setWriting(key: string): void {
    this.database.prepare(`UPDATE staging SET state = 'writing', final_path = NULL WHERE key = ?`).run(key);
  }

  setPublished(key: string, entryId: string): void {
    this.database
      .prepare(
        `UPDATE staging SET state = 'published', entry_id = ?, hashes = ?, blocks = ?, touched_at = ? WHERE key = ?`,
      )
      .run(entryId, NOTHING, NOTHING, Date.now(), key);
  }

  /** Keys of files that were begun and not touched since `time` (milliseconds), after `afterKey`. */
  untouchedSince(time: number, afterKey: string): string[] {
    const sql = `SELECT key FROM staging WHERE state = 'writing' AND touched_at < ? AND key > ? ORDER BY key LIMIT ${PAGE_ROWS}`;
    return this.database
      .prepare(sql)
      .all(time, afterKey)
      .map(({ key }) => key as string);
  }

  delete(key: string): void {
    this.database.prepare('DELETE FROM staging WHERE key = ?').run(key);
  }

  deletePublishedBefore(time: number): void {
    this.database.prepare(`DELETE FROM staging WHERE state = 'published' AND touched_at < ?`).run(time);
  }
}
