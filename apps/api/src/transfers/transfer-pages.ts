import { Database, FileStoreError } from '@ferry/file-store';
import { DEFAULT_PAGE_LIMIT, type Page } from '@ferry/protocol';

export interface PageCursor {
  readonly limit?: number;
  readonly cursor?: string;
}

interface KeysetList {
  readonly table: string;
  /** Integer column, unique under `where`. */
  readonly key: string;
  readonly descending: boolean;
  readonly where: readonly string[];
  readonly parameters: readonly (string | number)[];
  readonly query: PageCursor;
}

/** One keyset page of a table ordered by an integer key; the cursor is the last key of the page before. */
export function pageOf<Row>(database: Database, list: KeysetList): Page<Row> {
  const { table, key, descending, where, parameters, query } = list;
  const limit = query.limit ?? DEFAULT_PAGE_LIMIT;
  const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const filter = (conditions: readonly string[]): string =>
    conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';

  const total = database.prepare(`SELECT count(*) AS n FROM ${table} ${filter(where)}`).get(...parameters)?.[
    'n'
  ] as number;
  const rows = database
    .prepare(
      `SELECT * FROM ${table} ${filter(after === undefined ? where : [...where, `${key} ${descending ? '<' : '>'} ?`])}
       ORDER BY ${key} ${descending ? 'DESC' : 'ASC'} LIMIT ?`,
    )
    .all(...parameters, ...(after === undefined ? [] : [after]), limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1)?.[key];
  return {
    items: items as unknown as Row[],
    nextCursor: rows.length > limit && typeof last === 'number' ? String(last) : null,
    total,
  };
}

function parseCursor(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor))
    throw new FileStoreError('BAD_CURSOR', `The cursor "${cursor.slice(0, 40)}" is not one of this list.`);
  return Number(cursor);
}
