import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileEntry } from '@ferry/protocol';
import { Database } from '../database/database';
import { FILE_STORE_MIGRATIONS } from '../database/schema';
import { EntryCatalogue } from './entry-catalogue';
import { EntryIndex } from './entry-index';
import type { EntryQuery } from './entry-page';

/** Each in a folder of its own. */
const FILES = 2_500;
const ENTRIES = 2 * FILES;

describe('pages of entries', () => {
  let folder: string;
  let database: Database;
  let index: EntryIndex;
  let entries: EntryCatalogue;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-entries-'));
    database = Database.open(join(folder, 'ferry.sqlite'));
    database.migrate('file-store', FILE_STORE_MIGRATIONS);
    index = new EntryIndex(database);
    entries = new EntryCatalogue(database, index);
    database.transaction(() => {
      for (let n = 0; n < FILES; n++) {
        const name = `${n % 2 ? 'File' : 'file'} ${n % 40}${n % 7 === 0 ? ' Ärger' : ''}.txt`; // many equal keys
        const identity = { size: n % 13, mtime: 1_700_000_000_000 + (n % 11) + 0.25, inode: n + 1 };
        index.observe(n % 5 === 0 ? 'received' : 'shared', `${n}/${name}`, identity);
      }
    });
  });
  afterAll(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  function allPages(query: EntryQuery): FileEntry[] {
    const items: FileEntry[] = [];
    let cursor: string | null = null;
    do {
      const page = entries.list({ ...query, limit: 97, ...(cursor === null ? {} : { cursor }) });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  const KEYS: Record<string, (entry: FileEntry) => string | number> = {
    name: ({ name }) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    size: ({ size }) => size,
    type: ({ mediaType }) => mediaType,
    modifiedAt: ({ modifiedAt }) => modifiedAt,
    addedAt: ({ addedAt }) => addedAt,
  };
  const SORTS = Object.keys(KEYS).flatMap((key) => [key, `-${key}`]);

  it.each(SORTS.flatMap((sort) => (['shared', 'all'] as const).map((scope) => [sort, scope] as const)))(
    'sorted by %s give each entry of %s once, in order',
    (sort, scope) => {
      const items = allPages({ scope, sort });
      expect(new Set(items.map(({ id }) => id)).size).toBe(scope === 'all' ? ENTRIES : 4_000);
      const keys = items.map(KEYS[sort.replace('-', '')] as (entry: FileEntry) => string | number);
      const ordered = sort.startsWith('-') ? keys.toReversed() : keys;
      expect(ordered.every((key, at) => at === 0 || (ordered[at - 1] as typeof key) <= key)).toBe(true);
    },
  );

  it.each(['file', 'folder'] as const)('of kind %s hold no other', (kind) => {
    const items = allPages({ scope: 'all', kind });
    expect(items).toHaveLength(FILES);
    expect(new Set(items.map((entry) => entry.kind))).toEqual(new Set([kind]));
    expect(entries.list({ scope: 'all', kind }).total).toBe(FILES);
  });

  it('are found by part of the path whatever the case, also beyond ASCII', () => {
    const items = allPages({ scope: 'all', q: 'äRGER' });
    expect(items).toHaveLength(Math.ceil(FILES / 7));
    expect(entries.list({ scope: 'all', q: 'äRGER' }).total).toBe(items.length);
    expect(entries.list({ scope: 'all', q: '%' }).total).toBe(0);
  });

  it('stay in order when entries come and go between them', () => {
    const first = entries.list({ scope: 'shared', limit: 10 });
    const last = first.items.at(-1) as FileEntry;
    const removed = index.table.get(last.id);
    if (removed) index.remove(removed);
    const second = entries.list({ scope: 'shared', limit: 10, cursor: first.nextCursor ?? '' });
    expect(second.items).toHaveLength(10);
    expect(first.items.map(({ id }) => id)).not.toEqual(expect.arrayContaining(second.items.map(({ id }) => id)));
    if (removed?.kind === 'folder') index.observeFolder('shared', removed.path, removed);
  });

  it.each(['', 'x', 'bnVsbA', 'W10', 'bmFtZQBhAA', 'c2l6ZQAxAHg', 'bmFtZQBhADIuMQ', 'x'.repeat(5_000)])(
    'refuse the cursor %j',
    (cursor) =>
      expect(() => entries.list({ scope: 'all', cursor })).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' })),
  );

  it('refuse a cursor of another sort, and an unknown sort', () => {
    const cursor = entries.list({ scope: 'all', sort: 'size', limit: 1 }).nextCursor ?? '';
    const badCursor = expect.objectContaining({ code: 'BAD_CURSOR' });
    expect(() => entries.list({ scope: 'all', sort: '-size', cursor })).toThrow(badCursor);
    expect(() => entries.list({ scope: 'all', sort: 'path; DROP TABLE entry' })).toThrow(badCursor);
    expect(() => entries.list({ scope: 'all', sort: '--name' })).toThrow(badCursor);
  });

  it('count files and bytes', () => {
    const all = entries.totals('all');
    expect(all.files).toBe(FILES);
    expect(all.bytes).toBe(entries.totals('shared').bytes + entries.totals('received').bytes);
  });
});
