import type { Database } from '../database/database';
import type { EntryRow } from './entry-row';

/** Condition on a row of `entry`: it is shown to the peer that the parameter names. */
export const SHOWN_TO_VIEWER =
  'EXISTS (SELECT 1 FROM entry_viewer WHERE entry_viewer.row_id = entry.row_id AND entry_viewer.peer_id = ?)';

/** The statements on table `entry_viewer`: to which peers the `chosen` entries are shown. */
export class EntryViewers {
  constructor(private readonly database: Database) {}

  /** Device ids in a fixed order. */
  of(row: EntryRow): string[] {
    if (row.visibility !== 'chosen') return [];
    const rows = this.database
      .prepare('SELECT peer_id FROM entry_viewer WHERE row_id = ? ORDER BY peer_id')
      .all(row.rowId);
    return rows.map((found) => found['peer_id'] as string);
  }

  /** From now on the entry is shown to these peers and to no others. */
  set({ rowId, scope, trashedAt }: EntryRow, peerIds: readonly string[]): void {
    this.database.prepare('DELETE FROM entry_viewer WHERE row_id = ?').run(rowId);
    const insert = this.database.prepare(
      'INSERT OR IGNORE INTO entry_viewer (row_id, peer_id, scope) VALUES (?, ?, ?)',
    );
    for (const peerId of peerIds) insert.run(rowId, peerId, trashedAt === null ? scope : null);
  }

  /** Row ids of the listed entries that are shown to the peer. */
  rowsOf(peerId: string): number[] {
    const rows = this.database
      .prepare('SELECT row_id FROM entry_viewer WHERE peer_id = ? AND scope IS NOT NULL')
      .all(peerId);
    return rows.map((found) => found['row_id'] as number);
  }

  /** Takes the peer off all entries, those in the trash included. */
  forget(peerId: string): void {
    this.database.prepare('DELETE FROM entry_viewer WHERE peer_id = ?').run(peerId);
  }
}
