import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../database/database';
import { FILE_STORE_MIGRATIONS } from '../database/schema';
import { EntryCatalogue } from './entry-catalogue';
import { EntryFilter } from './entry-filter';
import { EntryIndex } from './entry-index';
import { type SortColumn, entrySets } from './entry-set';

/** More than are looked up and sorted. */
const CHOSEN = 11_000;
const FILES = 12_000;
const [MANY, FEW, NOBODY] = ['MANY', 'FEW', 'NOBODY'];
const FEW_STEP = 500;
const FILES_ONLY = { scope: 'all', kind: 'file' } as const;

describe('what a peer may see of a large share', () => {
  let folder: string;
  let database: Database;
  let entries: EntryCatalogue;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-viewers-'));
    database = Database.open(join(folder, 'ferry.sqlite'));
    database.migrate('file-store', FILE_STORE_MIGRATIONS);
    const index = new EntryIndex(database);
    entries = new EntryCatalogue(database, index);
    database.transaction(() => {
      for (let n = 0; n < FILES; n++) {
        const identity = { size: (n * 7) % 9_000, mtime: n, inode: n + 1 };
        const row = index.observe('shared', `${n % 10}/file ${(n * 11) % FILES}.txt`, identity);
        if (n < CHOSEN) void index.visibilities.show(row, 'chosen', n % FEW_STEP === 0 ? [MANY, FEW] : [MANY]);
        else if (n % FEW_STEP !== 0) void index.visibilities.show(row, 'none', []);
      }
    });
  });
  afterAll(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  const OFFERED = (FILES - CHOSEN) / FEW_STEP;
  const VIEWERS: [string, number][] = [
    [MANY, CHOSEN + OFFERED],
    [FEW, CHOSEN / FEW_STEP + OFFERED],
    [NOBODY, OFFERED],
  ];
  const SORTS = ['name', '-name', 'size', '-size', 'modifiedAt', '-addedAt'];

  it.each(VIEWERS.flatMap(([viewer, total]) => SORTS.map((sort) => [viewer, sort, total] as const)))(
    'is for %s by %s given once, in order',
    (viewer, sort, total) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = entries.list({ ...FILES_ONLY, viewer, sort, limit: 1000, ...(cursor && { cursor }) });
        expect(page.total).toBe(total);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      const whole = new Map<string, number>();
      for (const id of allIds(sort)) whole.set(id, whole.size);
      const ranks = seen.map((id) => whole.get(id) ?? -1);
      expect(new Set(seen).size).toBe(total);
      expect(ranks.every((rank, at) => at === 0 || (ranks[at - 1] ?? rank) < rank)).toBe(true);
    },
  );

  function allIds(sort: string): string[] {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = entries.list({ ...FILES_ONLY, sort, limit: 1000, ...(cursor && { cursor }) });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return ids;
  }

  it.each(['name', 'size'])('is found by a part of the path, sorted by %s', (sort) => {
    const found = (viewer: string | undefined, q: string) =>
      entries.list({ ...FILES_ONLY, viewer, q, sort, limit: 1000 });
    for (const [viewer, total] of VIEWERS) expect(found(viewer, 'FILE').total).toBe(total);
    const rare = found(undefined, '/file 44.txt').items;
    expect(rare).toHaveLength(1);
    expect(found(MANY, '/file 44.txt').items).toEqual(rare);
    expect(found(FEW, '/file 44.txt')).toMatchObject({ items: [], total: 0 });
    expect(found(FEW, '/file 0.txt').total).toBe(1);
  });

  it.each(['name', 'size', 'mtime', 'added_at', 'media_type'] satisfies SortColumn[])(
    'is read through an index by %s, not sorted',
    (column) => {
      const filters = [new EntryFilter(undefined, undefined, undefined), new EntryFilter('0', undefined, undefined)];
      for (const [viewer, filter] of [undefined, MANY].flatMap((each) => filters.map((one) => [each, one] as const))) {
        for (const set of entrySets(database, { scope: 'shared', kind: 'file', filter }, viewer)) {
          const { sql, values } = set.find(column).rows;
          const plan = database
            .prepare(
              `EXPLAIN QUERY PLAN SELECT * FROM ${sql} AND (${column}, row_id) > (?, ?) ORDER BY ${column}, row_id LIMIT 10`,
            )
            .all(...values, 1, 1)
            .map((row) => String(row['detail']));
          if (sql.includes('json_each')) continue; // few enough to be sorted
          expect(plan[0]).toMatch(/^SEARCH entry USING INDEX entry_/);
          expect(plan.join()).not.toContain('TEMP B-TREE');
        }
      }
    },
  );
});
