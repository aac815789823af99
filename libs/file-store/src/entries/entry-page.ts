import { DEFAULT_PAGE_LIMIT, type FileScope, MAX_PAGE_LIMIT, type Page } from '@ferry/protocol';
import type { Database } from '../database/database';
import { FileStoreError } from '../file-store-error';
import { type PageCursor, decodeCursor, encodeCursor } from './cursor';
import { ENTRY_COLUMNS, type EntryRow } from './entry-row';
import { type FoundEntries, type SortColumn, entrySets } from './entry-set';
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
  /** Device id of a peer: only what is shown to all paired ones or to this one. Default everything. */
  readonly viewer?: string;
}

const SORT_COLUMNS: ReadonlyMap<string, SortColumn> = new Map([
  ['name', 'name'],
  ['size', 'size'],
  ['modifiedAt', 'mtime'],
  ['addedAt', 'added_at'],
]);

/** Whether `list` takes this sort. */
export function isEntrySort(sort: string): boolean {
  return SORT_COLUMNS.has(sort.replace(/^-/, ''));
}

/**
 * One page by keyset, merged from sets that are each read no further than the page needs.
 * @throws FileStoreError BAD_CURSOR for a cursor or sort that this list never gave.
 */
export function queryPage(database: Database, query: EntryQuery): Page<EntryRow> {
  const sort = query.sort ?? 'name';
  const column = SORT_COLUMNS.get(sort.replace(/^-/, ''));
  if (!column) throw new FileStoreError('BAD_CURSOR', `Cannot sort by ${sort}`);
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? DEFAULT_PAGE_LIMIT), 1), MAX_PAGE_LIMIT);
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, sort);
  const search = query.q ? foldPath(query.q) : undefined;
  const found = entrySets(database, query.scope, query.viewer).map((set) => set.find(column, search));
  const rows = selectRows(database, found, { column, isDescending: sort.startsWith('-'), after, limit });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: last && rows.length > limit ? encodeCursor({ sort, key: last.sortKey, id: last.id }) : null,
    total: found.reduce((sum, { total }) => sum + total, 0),
  };
}

interface Selection {
  readonly column: SortColumn;
  readonly isDescending: boolean;
  readonly after: PageCursor | undefined;
  readonly limit: number;
}

type SelectedRow = EntryRow & { readonly sortKey: string | number };

function selectRows(database: Database, found: readonly FoundEntries[], selection: Selection): SelectedRow[] {
  const { column, isDescending, after, limit } = selection;
  const order = isDescending ? 'DESC' : 'ASC';
  const values: (string | number)[] = [];
  const selects = found
    .filter(({ total }) => total > 0)
    .map(({ rows }) => {
      values.push(...rows.values, ...(after ? [after.key, after.id] : []), limit + 1);
      return `SELECT * FROM (SELECT ${ENTRY_COLUMNS}, ${column} AS sortKey FROM ${rows.sql}
        ${after ? `AND (${column}, id) ${isDescending ? '<' : '>'} (?, ?)` : ''}
        ORDER BY ${column} ${order}, id ${order} LIMIT ?)`;
    });
  if (selects.length === 0) return [];
  const sql = `SELECT * FROM (${selects.join(' UNION ALL ')}) ORDER BY sortKey ${order}, id ${order} LIMIT ?`;
  return database.prepare(sql).all(...values, limit + 1) as unknown as SelectedRow[];
}
