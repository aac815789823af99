import type { EntryKind, FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { SHOWN_TO_VIEWER } from './entry-viewers';
import { countRows } from './row-count';
import type { EntryFilter } from './entry-filter';

/** Columns of `entry` that lists are sorted by. Each has an index over a whole scope. */
export type SortColumn = 'name' | 'size' | 'mtime' | 'added_at' | 'media_type';

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
const FEW_ENTRIES = 4_000;

const SORT_INDEX: Readonly<Record<SortColumn, string>> = {
  name: 'entry_name',
  size: 'entry_size',
  mtime: 'entry_mtime',
  added_at: 'entry_added',
  media_type: 'entry_type',
};

/** Part of a list. */
export interface EntrySet {
  find(column: SortColumn): FoundEntries;
}

/** Which entries: of one scope and one kind. */
export interface SetOptions {
  readonly scope: FileScope;
  readonly kind: EntryKind;
  readonly filter: EntryFilter;
}

/** Sets without common entries that hold all of these: for the owner, or for a viewer (device id). */
export function entrySets(database: Database, options: SetOptions, viewer?: string): EntrySet[] {
  if (viewer === undefined) return [new ListedEntries(database, options, false)];
  return [new ListedEntries(database, options, true), new ChosenEntries(database, options, viewer)];
}

/** All entries, or all that are offered to every paired peer. */
class ListedEntries implements EntrySet {
  constructor(
    private readonly database: Database,
    private readonly options: SetOptions,
    private readonly isOffered: boolean,
  ) {}

  find(column: SortColumn): FoundEntries {
    const all = this.options.filter.within ? this.below() : this.byName();
    const few = this.isWhole || (column === 'name' && !this.isSearch) ? undefined : findFew(this.database, all);
    return (
      few ?? { total: countRows(this.database, all), rows: column === 'name' ? this.byName() : this.along(column) }
    );
  }

  /** Nothing of the scope is left out. */
  private get isWhole(): boolean {
    const { folder, within, search } = this.options.filter;
    return !this.isOffered && folder === undefined && !within && search === undefined;
  }

  private get isSearch(): boolean {
    const { within, search } = this.options.filter;
    return search !== undefined || Boolean(within);
  }

  /** By the index that holds these entries and few others. */
  private byName(): RowSource {
    const inFolder = this.options.filter.folder !== undefined;
    return this.read(inFolder ? 'entry_in_name' : this.isOffered ? 'entry_offered_name' : 'entry_name');
  }

  /** In the order of a column of the whole scope. */
  private along(column: SortColumn): RowSource {
    return this.read(SORT_INDEX[column]);
  }

  /** In the order of the paths, for counting what lies below a folder. */
  private below(): RowSource {
    return this.read('entry_below');
  }

  private read(index: string): RowSource {
    const source = alongIndex(this.options, index);
    return this.options.filter.apply(this.isOffered ? offered(source) : source);
  }
}

/** The entries that are shown to one peer because it was chosen. */
class ChosenEntries implements EntrySet {
  constructor(
    private readonly database: Database,
    private readonly options: SetOptions,
    private readonly viewer: string,
  ) {}

  find(column: SortColumn): FoundEntries {
    const ofViewer = this.ofViewer();
    const few = findFew(this.database, ofViewer);
    if (few) return few;
    const rows = this.read(column);
    return { total: countRows(this.database, ofViewer), rows };
  }

  /** From the viewer to its entries: the order is none, the work that of their number. */
  private ofViewer(): RowSource {
    const { scope, kind, filter } = this.options;
    return filter.apply({
      sql: 'entry_viewer CROSS JOIN entry USING (row_id) WHERE peer_id = ? AND entry_viewer.scope = ? AND kind = ?',
      values: [this.viewer, scope, kind],
    });
  }

  /** Along the index of a column, leaving out what is not for the viewer. */
  private read(column: SortColumn): RowSource {
    const { sql, values } = this.options.filter.apply(alongIndex(this.options, SORT_INDEX[column]));
    return { sql: `${sql} AND ${SHOWN_TO_VIEWER}`, values: [...values, this.viewer] };
  }
}

function alongIndex({ scope, kind }: SetOptions, index: string): RowSource {
  return {
    sql: `entry INDEXED BY ${index} WHERE entry.scope = ? AND trashed_at IS NULL AND kind = ?`,
    values: [scope, kind],
  };
}

function offered({ sql, values }: RowSource): RowSource {
  return { sql: `${sql} AND visibility = 'all-paired'`, values };
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
