import type { EntryVisibility } from '@ferry/protocol';
import type { Database } from '../database/database';
import type { EntryRow } from './entry-row';

/** Who may see an entry. */
export interface Shown {
  readonly visibility: EntryVisibility;
  /** Device ids, for `chosen`. */
  readonly viewers: readonly string[];
}

/**
 * Remembers by path who might see the shared files that are gone from the disk: a folder that was not mounted at a start, or a
 * program that deletes a file and writes it anew, must not show everybody what was hidden.
 */
export class GoneEntries {
  constructor(private readonly database: Database) {}

  keep({ path }: EntryRow, { visibility, viewers }: Shown): void {
    this.database.prepare('DELETE FROM gone_entry WHERE path = ?').run(path);
    this.database
      .prepare('INSERT INTO gone_entry (path, visibility, gone_at) VALUES (?, ?, ?)')
      .run(path, visibility, Date.now());
    const insert = this.database.prepare('INSERT INTO gone_viewer (path, peer_id) VALUES (?, ?)');
    for (const peerId of viewers) insert.run(path, peerId);
  }

  /** What was kept for the path, which is forgotten by that. */
  take(path: string): Shown | undefined {
    const row = this.database.prepare('SELECT visibility FROM gone_entry WHERE path = ?').get(path);
    if (!row) return undefined;
    const viewers = this.database.prepare('SELECT peer_id FROM gone_viewer WHERE path = ?').all(path);
    this.database.prepare('DELETE FROM gone_entry WHERE path = ?').run(path);
    return {
      visibility: row['visibility'] as EntryVisibility,
      viewers: viewers.map((viewer) => viewer['peer_id'] as string),
    };
  }

  forgetViewer(peerId: string): void {
    this.database.prepare('DELETE FROM gone_viewer WHERE peer_id = ?').run(peerId);
  }

  /** Forgets what was kept before `time` (milliseconds). */
  purge(time: number): void {
    this.database.prepare('DELETE FROM gone_entry WHERE gone_at < ?').run(time);
  }
}
