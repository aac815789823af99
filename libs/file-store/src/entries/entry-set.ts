import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { SHOWN_TO_VIEWER } from './entry-viewers';

/** Columns of `entry` that lists are sorted by. Each has an index, and one of what is offered to all. */
export type SortColumn = 'name' | 'size' | 'mtime' | 'added_at';

/** What follows FROM, up to the last condition of WHERE, and its parameters. */
export interface RowSource {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Entries of a set: how many, and the cheapest way to read them sorted. */
export interface FoundEntries {
  readonly total: number;
  readonly rows: RowSource;
}

/** Up to so many are looked up and sorted; more are read in the order of an index until the page is full. */
const FEW_ENTRIES = 10_000;

const INDEX_SUFFIX: Readonly<Record<SortColumn, string>> = {
  name: 'name',
  size: 'size',
  mtime: 'mtime',
  added_at: 'added',
};

/** Part of a list. */
export interface EntrySet {
  /** @param search part of the folded path. */
  find(column: SortColumn, search?: string): FoundEntries;
}

/** Sets without common entries that hold all that is listed: for the owner, or for a viewer (device id). */
export function entrySets(database: Database, scope: FileScope | 'all', viewer?: string): EntrySet[] {
  const scopes: readonly FileScope[] = scope === 'all' ? ['shared', 'received'] : [scope];
  if (viewer === undefined) return scopes.map((each) => new ListedEntries(database, each, false));
  return scopes.flatMap((each) => [new ListedEntries(database, each, true), new ChosenEntries(database, each, viewer)]);
}

/** All entries of a scope, or all that are offered to every paired peer. */
class ListedEntries implements EntrySet {
  constructor(
    private readonly database: Database,
    private readonly scope: FileScope,
    private readonly isOffered: boolean,
  ) {}

  find(column: SortColumn, search?: string): FoundEntries {
    const [rows, byName] = [this.read(column, search), this.read('name', search)];
    const few = search === undefined ? undefined : findFew(this.database, byName);
    return few ?? { total: count(this.database, byName), rows };
  }

  private read(column: SortColumn, search?: string): RowSource {
    const index = `${this.isOffered ? 'entry_offered' : 'entry'}_${INDEX_SUFFIX[column]}`;
    const condition = this.isOffered ? `AND visibility = 'all-paired'` : '';
    return searching(search, {
      sql: `entry INDEXED BY ${index} WHERE entry.scope = ? AND trashed_at IS NULL ${condition}`,
      values: [this.scope],
    });
  }
}

/** The entries of a scope that are shown to one peer because it was chosen. */
class ChosenEntries implements EntrySet {
  constructor(
    private readonly database: Database,
    private readonly scope: FileScope,
    private readonly viewer: string,
  ) {}

  find(column: SortColumn, search?: string): FoundEntries {
    const ofViewer = this.ofViewer();
    const few = findFew(this.database, ofViewer);
    if (search === undefined) return few ?? { total: count(this.database, ofViewer), rows: this.read(column) };
    const found = this.ofViewer(search);
    const fewFound = findFew(this.database, few ? found : this.read('name', search));
    return fewFound ?? { total: count(this.database, found), rows: this.read(column, search) };
  }

  /** From the viewer to its entries: the order is none, the work that of their number. */
  private ofViewer(search?: string): RowSource {
    const join = search === undefined ? '' : 'CROSS JOIN entry USING (row_id)';
    return searching(search, {
      sql: `entry_viewer ${join} WHERE peer_id = ? AND entry_viewer.scope = ?`,
      values: [this.viewer, this.scope],
    });
  }

  /** Along the index of a column, leaving out what is not for the viewer. */
  private read(column: SortColumn, search?: string): RowSource {
    const { sql, values } = searching(search, {
      sql: `entry INDEXED BY entry_${INDEX_SUFFIX[column]} WHERE entry.scope = ? AND trashed_at IS NULL`,
      values: [this.scope],
    });
    return { sql: `${sql} AND ${SHOWN_TO_VIEWER}`, values: [...values, this.viewer] };
  }
}

function searching(search: string | undefined, { sql, values }: RowSource): RowSource {
  if (search === undefined) return { sql, values };
  return { sql: `${sql} AND instr(path_folded, ?) > 0`, values: [...values, search] };
}

/** The rows of a source, if they are few. */
function findFew(database: Database, { sql, values }: RowSource): FoundEntries | undefined {
  const found = database
    .prepare(
      `SELECT COUNT(*) AS total, json_group_array(row_id) AS ids FROM (SELECT row_id FROM ${sql} LIMIT ${FEW_ENTRIES + 1})`,
    )
    .get(...values);
  const total = Number(found?.['total']);
  if (total > FEW_ENTRIES) return undefined;
  const rows = { sql: 'entry WHERE row_id IN (SELECT value FROM json_each(?))', values: [String(found?.['ids'])] };
  return { total, rows };
}

/** Totals of lists are asked for with every page, and seldom change. */
const COUNTED = new WeakMap<Database, Counted>();
const MAX_COUNTED = 64;

interface Counted {
  /** Rows that this connection had changed then; nothing else writes to the database. */
  readonly changes: number;
  readonly totals: Map<string, number>;
}

function count(database: Database, { sql, values }: RowSource): number {
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
