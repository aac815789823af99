import { DEFAULT_PAGE_LIMIT, type EntryVisibility, type FileScope, MAX_PAGE_LIMIT, type Page } from '@ferry/protocol';
import type { Database } from '../database/database';
import { FileStoreError } from '../file-store-error';
import { type PageCursor, decodeCursor, encodeCursor } from './cursor';
import { ENTRY_COLUMNS, type EntryRow } from './entry-row';
import { foldPath } from './entry-table';

/** Query of `EntryCatalogue.list`. */
export interface EntryQuery {
  readonly scope: FileScope | 'all';
  /** 1..1000; default 100. */
  readonly limit?: number;
  readonly cursor?: string;
  /** `name`, `size`, `modifiedAt`, `addedAt`, descending with a leading `-`; default `name`. */
  readonly sort?: string;
  /** Case-insensitive part of the path. */
  readonly q?: string;
  /** Only entries of this visibility; default all. */
  readonly visibility?: EntryVisibility;
}

const SORT_COLUMNS = new Map([
  ['name', 'name'],
  ['size', 'size'],
  ['modifiedAt', 'mtime'],
  ['addedAt', 'added_at'],
]);
/** Literals, not parameters: SQLite matches them with the partial index of what is offered. */
const VISIBILITY_FILTERS: Readonly<Record<EntryVisibility, string>> = {
  'all-paired': `AND visibility = 'all-paired'`,
  chosen: `AND visibility = 'chosen'`,
  none: `AND visibility = 'none'`,
};
const ALL_SCOPES: readonly FileScope[] = ['shared', 'received'];

/** Whether `list` takes this sort. */
export function isEntrySort(sort: string): boolean {
  return SORT_COLUMNS.has(sort.replace(/^-/, ''));
}

/**
 * One page by keyset: each scope is read in the order of its index, no more rows than the page holds.
 * @throws FileStoreError BAD_CURSOR for a cursor or sort that this list never gave.
 */
export function queryPage(database: Database, query: EntryQuery): Page<EntryRow> {
  const sort = query.sort ?? 'name';
  const column = SORT_COLUMNS.get(sort.replace(/^-/, ''));
  if (!column) throw new FileStoreError('BAD_CURSOR', `Cannot sort by ${sort}`);
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? DEFAULT_PAGE_LIMIT), 1), MAX_PAGE_LIMIT);
  const scopes = query.scope === 'all' ? ALL_SCOPES : [query.scope];
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, sort);
  const filter = filterOf(query);
  const rows = selectRows(database, { column, isDescending: sort.startsWith('-'), scopes, after, limit, filter });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: last && rows.length > limit ? encodeCursor({ sort, key: last.sortKey, id: last.id }) : null,
    total: count(database, scopes, filter),
  };
}

interface Filter {
  /** Conditions, each beginning with AND. */
  readonly sql: string;
  readonly values: readonly string[];
}

interface Selection {
  readonly column: string;
  readonly isDescending: boolean;
  readonly scopes: readonly FileScope[];
  readonly after: PageCursor | undefined;
  readonly limit: number;
  readonly filter: Filter;
}

type SelectedRow = EntryRow & { readonly sortKey: string | number };

function filterOf({ q, visibility }: EntryQuery): Filter {
  const byPath = q ? 'AND instr(path_folded, ?) > 0' : '';
  return { sql: `${visibility ? VISIBILITY_FILTERS[visibility] : ''} ${byPath}`, values: q ? [foldPath(q)] : [] };
}

function selectRows(database: Database, selection: Selection): SelectedRow[] {
  const { column, isDescending, scopes, after, limit, filter } = selection;
  const order = isDescending ? 'DESC' : 'ASC';
  const values: (string | number)[] = [];
  const selects = scopes.map((scope) => {
    values.push(scope, ...filter.values, ...(after ? [after.key, after.id] : []), limit + 1);
    return `SELECT * FROM (SELECT ${ENTRY_COLUMNS}, ${column} AS sortKey FROM entry
      WHERE scope = ? AND trashed_at IS NULL ${filter.sql}
      ${after ? `AND (${column}, id) ${isDescending ? '<' : '>'} (?, ?)` : ''}
      ORDER BY ${column} ${order}, id ${order} LIMIT ?)`;
  });
  const sql = `SELECT * FROM (${selects.join(' UNION ALL ')}) ORDER BY sortKey ${order}, id ${order} LIMIT ?`;
  return database.prepare(sql).all(...values, limit + 1) as unknown as SelectedRow[];
}

function count(database: Database, scopes: readonly FileScope[], filter: Filter): number {
  const sql = `SELECT COUNT(*) AS total FROM entry WHERE scope = ? AND trashed_at IS NULL ${filter.sql}`;
  return scopes
    .map((scope) => database.prepare(sql).get(scope, ...filter.values))
    .reduce((sum, row) => sum + Number(row?.['total']), 0);
}
