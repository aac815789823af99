import { DEFAULT_PAGE_LIMIT, type EntryKind, type FileScope, MAX_PAGE_LIMIT, type Page } from '@ferry/protocol';
import type { Database } from '../database/database';
import { FileStoreError } from '../file-store-error';
import { decodeCursor, encodeCursor } from './cursor';
import { EntryFilter } from './entry-filter';
import { ENTRY_COLUMNS, type EntryRow } from './entry-row';
import { type FoundEntries, type SortColumn, entrySets } from './entry-set';

/** Query of `EntryCatalogue.list`. */
export interface EntryQuery {
  readonly scope: FileScope | 'all';
  /** Path of a folder, `''` for the top: only what lies directly in it, folders first. */
  readonly folder?: string;
  /** Path of a folder: only what lies below it, at any depth. */
  readonly within?: string;
  /** Default both. */
  readonly kind?: EntryKind;
  /** 1..1000; default 100. */
  readonly limit?: number;
  readonly cursor?: string;
  /** `name`, `size`, `type`, `modifiedAt`, `addedAt`, descending with a leading `-`; default `name`. */
  readonly sort?: string;
  /** Case-insensitive part of the path, from `folder` or `within` on. */
  readonly q?: string;
  /** Device id of a peer: only what is shown to all paired ones or to this one. Default everything. */
  readonly viewer?: string;
}

const SORT_COLUMNS: ReadonlyMap<string, SortColumn> = new Map([
  ['name', 'name'],
  ['size', 'size'],
  ['type', 'media_type'],
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
  const isDescending = sort.startsWith('-');
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? DEFAULT_PAGE_LIMIT), 1), MAX_PAGE_LIMIT);
  const after = query.cursor === undefined ? undefined : decodePosition(query.cursor, sort);
  const groups = kindGroups(query, column).map(({ kinds, column }) => ({
    column,
    found: findAll(database, query, kinds, column),
  }));
  const rows: SelectedRow[] = [];
  for (const [group, { column, found }] of groups.entries()) {
    if (group < (after?.group ?? 0) || rows.length > limit) continue;
    const position = after?.group === group ? after : undefined;
    const selected = selectRows(database, found, {
      ...{ column, isDescending },
      after: position,
      limit: limit + 1 - rows.length,
    });
    rows.push(...selected.map((row) => ({ ...row, group })));
  }
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: last && rows.length > limit ? encodePosition(sort, last) : null,
    total: groups.flatMap(({ found }) => found).reduce((sum, { total }) => sum + total, 0),
  };
}

interface KindGroup {
  readonly kinds: readonly EntryKind[];
  readonly column: SortColumn;
}

/**
 * Kinds that are sorted together; one such group comes after the other. Size and time of a folder tell of what lies in it and is
 * hidden from the viewer, so to a viewer neither the order of folders nor a cursor comes from them.
 */
function kindGroups({ kind, folder, viewer }: EntryQuery, column: SortColumn): KindGroup[] {
  const isTelling = viewer !== undefined && (column === 'size' || column === 'mtime');
  const folders: KindGroup = { kinds: ['folder'], column: isTelling ? 'added_at' : column };
  const files: KindGroup = { kinds: ['file'], column };
  if (kind !== undefined) return [kind === 'folder' ? folders : files];
  return folder !== undefined || isTelling ? [folders, files] : [{ kinds: ['folder', 'file'], column }];
}

function findAll(database: Database, query: EntryQuery, kinds: readonly EntryKind[], column: SortColumn) {
  const scopes: readonly FileScope[] = query.scope === 'all' ? ['shared', 'received'] : [query.scope];
  const filter = new EntryFilter(query.folder, query.within, query.q);
  return scopes
    .flatMap((scope) => kinds.flatMap((kind) => entrySets(database, { scope, kind, filter }, query.viewer)))
    .map((set) => set.find(column));
}

interface Position {
  readonly group: number;
  readonly key: string | number;
  readonly rowId: number;
}

interface Selection {
  readonly column: SortColumn;
  readonly isDescending: boolean;
  readonly after: Position | undefined;
  readonly limit: number;
}

type SelectedRow = EntryRow & { readonly sortKey: string | number; readonly group: number };

function selectRows(database: Database, found: readonly FoundEntries[], selection: Selection): SelectedRow[] {
  const { column, isDescending, after, limit } = selection;
  const order = isDescending ? 'DESC' : 'ASC';
  const values: (string | number)[] = [];
  const selects = found
    .filter(({ total }) => total > 0)
    .map(({ rows }) => {
      values.push(...rows.values, ...(after ? [after.key, after.rowId] : []), limit);
      return `SELECT * FROM (SELECT ${ENTRY_COLUMNS}, ${column} AS sortKey FROM ${rows.sql}
        ${after ? `AND (${column}, row_id) ${isDescending ? '<' : '>'} (?, ?)` : ''}
        ORDER BY ${column} ${order}, row_id ${order} LIMIT ?)`;
    });
  if (selects.length === 0) return [];
  const sql = `SELECT * FROM (${selects.join(' UNION ALL ')}) ORDER BY sortKey ${order}, rowId ${order} LIMIT ?`;
  return database.prepare(sql).all(...values, limit) as unknown as SelectedRow[];
}

const POSITION_ID = /^([01])\.([0-9]{1,15})$/;

function encodePosition(sort: string, { sortKey, group, rowId }: SelectedRow): string {
  return encodeCursor({ sort, key: sortKey, id: `${group}.${rowId}` });
}

function decodePosition(cursor: string, sort: string): Position {
  const { key, id } = decodeCursor(cursor, sort);
  const parts = POSITION_ID.exec(id);
  if (!parts) throw new FileStoreError('BAD_CURSOR', 'The cursor does not belong to this list');
  return { key, group: Number(parts[1]), rowId: Number(parts[2]) };
}
