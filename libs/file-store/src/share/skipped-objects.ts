import type { FileScope, SkippedObject, SkippedObjects } from '@ferry/protocol';
import type { Database } from '../database/database';
import { AFTER_SLASH } from '../entries/entry-table';
import { MAX_SKIPPED_TOLD, SCAN_BATCH } from '../limits';

/** What lies in one folder and is not listed, with the reason; as long lists go, in the database. */
export class SkippedInScope {
  private pending = new Map<string, string>();
  private look = 0;

  constructor(
    private readonly database: Database,
    private readonly scope: FileScope,
  ) {}

  /** A look at the disk begins. What a former process found counts as not seen yet. */
  begin(): void {
    this.look = Number(this.database.prepare('SELECT IFNULL(MAX(seen), 0) + 1 AS look FROM skipped').get()?.['look']);
  }

  /** Stored with the next flush. */
  add(path: string, reason: string): void {
    this.pending.set(path, reason);
  }

  /** Stores what was added, once it is a good deal. */
  async flushFull(): Promise<void> {
    if (this.pending.size >= SCAN_BATCH) await this.flush();
  }

  /** Stores what was added. */
  async flush(): Promise<void> {
    if (this.pending.size === 0) return;
    const found = this.pending;
    this.pending = new Map();
    await this.database.batch(() => {
      const insert = this.database.prepare(
        'INSERT OR REPLACE INTO skipped (scope, path, reason, seen) VALUES (?, ?, ?, ?)',
      );
      for (const [path, reason] of found) insert.run(this.scope, path, reason, this.look);
    });
  }

  /** Forgets what was at `path` and below it and was not seen since `begin`, unless not all of that could be looked at. */
  async sweep(path: string, unread: ReadonlySet<string>): Promise<void> {
    await this.flush();
    if (unread.has('') || unread.has(path)) return;
    const [sql, ...values] =
      path === ''
        ? (['seen <> ?', this.look] as const)
        : ([
            'seen <> ? AND (path = ? OR (path > ? AND path < ?))',
            this.look,
            path,
            `${path}/`,
            path + AFTER_SLASH,
          ] as const);
    const remove = this.database.prepare(`DELETE FROM skipped WHERE scope = ? AND ${sql}`);
    const count = this.database.prepare(`SELECT COUNT(*) AS gone FROM skipped WHERE scope = ? AND ${sql}`);
    if (Number(count.get(this.scope, ...values)?.['gone']) === 0) return; // spares a commit
    await this.database.batch(() => void remove.run(this.scope, ...values));
  }
}

/** The first of what is not listed, and how much there is. */
export function skippedObjects(database: Database, scope: FileScope | 'all'): SkippedObjects {
  const where = scope === 'all' ? '' : 'WHERE scope = ?';
  const values = scope === 'all' ? [] : [scope];
  const items = database
    .prepare(`SELECT scope, path, reason FROM skipped ${where} ORDER BY scope DESC, path LIMIT ${MAX_SKIPPED_TOLD}`)
    .all(...values) as unknown as SkippedObject[];
  const counted = database.prepare(`SELECT COUNT(*) AS total FROM skipped ${where}`).get(...values);
  return { items, total: Number(counted?.['total']) };
}
