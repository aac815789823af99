import type { Database } from '../database/database';
import type { RowSource } from './entry-set';

/** Totals of lists are asked for with every page, and seldom change. */
const COUNTED = new WeakMap<Database, Counted>();
const MAX_COUNTED = 64;

interface Counted {
  /** Rows that this connection had changed then; nothing else writes to the database. */
  readonly changes: number;
  readonly totals: Map<string, number>;
}

/** How many rows a source has; counted once until something changes. */
export function countRows(database: Database, { sql, values }: RowSource): number {
  const changes = Number(database.prepare('SELECT total_changes() AS changes').get()?.['changes']);
  let counted = COUNTED.get(database);
  if (counted?.changes !== changes || counted.totals.size >= MAX_COUNTED) {
    COUNTED.set(database, (counted = { changes, totals: new Map() }));
  }
  const key = JSON.stringify([sql, values]);
  const known = counted.totals.get(key);
  const total = known ?? Number(database.prepare(`SELECT COUNT(*) AS total FROM ${sql}`).get(...values)?.['total']);
  counted.totals.set(key, total);
  return total;
}
