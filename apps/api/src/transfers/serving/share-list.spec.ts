import { Database, FileStore } from '@ferry/file-store';
import {
  parseFilesListResponse,
  PATTERNS,
  type FilesListRequest,
  type FilesListResponse,
  type RemoteEntry,
} from '@ferry/protocol';
import { pair } from '../../peers/testing/pair';
import { TestNode } from '../../peers/testing/test-node';
import type { PeerSession } from '../../transport/peer-session';

const ENTRIES = 100_000;
/** Far above what a page takes (about 10 milliseconds), far below what reading the whole table would. */
const PAGE_LIMIT_MS = 250;

describe('a share of 100,000 entries, over a session', () => {
  let owner: TestNode;
  let reader: TestNode;
  let session: PeerSession;

  beforeAll(async () => {
    [owner, reader] = await Promise.all([TestNode.start({ name: 'owner' }), TestNode.start({ name: 'reader' })]);
    await pair(owner, reader);
    session = await reader.peers.sessionFor(owner.id);
    await owner.provider(FileStore).firstScan; // it would find the entries missing
    insertEntries(owner.provider(Database));
  }, 60_000);
  afterAll(() => Promise.all([owner.remove(), reader.remove()]));

  async function read(query: FilesListRequest, maxPages = Infinity) {
    const entries: RemoteEntry[] = [];
    const times: number[] = [];
    let total = 0;
    for (let cursor: string | null | undefined; cursor !== null && times.length < maxPages;) {
      const startedAt = performance.now();
      const answer = await session.request(PATTERNS.filesList, { ...query, ...(cursor && { cursor }) });
      const page: FilesListResponse = parseFilesListResponse(answer);
      times.push(performance.now() - startedAt);
      entries.push(...page.entries);
      ({ nextCursor: cursor, total } = page);
    }
    return { entries, total, times };
  }

  const misplaced = (entries: readonly RemoteEntry[], order: (a: RemoteEntry, b: RemoteEntry) => number) =>
    entries.filter((entry, at) => at > 0 && order(entries[at - 1] as RemoteEntry, entry) > 0);

  it('is listed whole, each entry once and in order, the last pages as fast as the first', async () => {
    const { entries, total, times } = await read({ limit: 1_000 });
    expect([total, entries.length, new Set(entries.map(({ id }) => id)).size]).toEqual([ENTRIES, ENTRIES, ENTRIES]);
    expect(misplaced(entries, (a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()))).toEqual([]);
    const [first, last] = [medianOf(times.slice(0, 50)), medianOf(times.slice(-50))];
    expect(last).toBeLessThan(3 * first + 20);
    expect(medianOf(times)).toBeLessThan(PAGE_LIMIT_MS);
  }, 60_000);

  it.each<[string, (a: RemoteEntry, b: RemoteEntry) => number]>([
    ['-name', (a, b) => compare(b.name.toLowerCase(), a.name.toLowerCase())],
    ['-size', (a, b) => b.size - a.size],
    ['modifiedAt', (a, b) => compare(a.modifiedAt, b.modifiedAt)],
    ['-addedAt', (a, b) => Number(b.id.slice(5)) - Number(a.id.slice(5))],
  ])('is listed by %s', async (sort, order) => {
    const { entries, total, times } = await read({ sort, limit: 1_000 }, 20);
    expect([total, new Set(entries.map(({ id }) => id)).size]).toEqual([ENTRIES, entries.length]);
    expect(misplaced(entries, order)).toEqual([]);
    expect(medianOf(times)).toBeLessThan(PAGE_LIMIT_MS);
  });

  it('is searched by part of the path, whatever the case', async () => {
    const { entries, total, times } = await read({ q: 'REPORT 0009', limit: 1_000 });
    expect([total, entries.length]).toEqual([100, 100]);
    expect(entries.every(({ name }) => /report 0009/i.test(name))).toBe(true);
    expect(medianOf(times)).toBeLessThan(PAGE_LIMIT_MS);
  });
});

function insertEntries(database: Database): void {
  database
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${ENTRIES})
       INSERT INTO entry (id, scope, path, path_folded, name, size, mtime, inode, added_at, media_type, state, file_id, visibility)
       SELECT 'long-' || n, 'shared', path, lower(path), name, (n * 7919) % 1000003, 1700000000000 + (n * 104729) % 99991, -1 - n,
              1700000000000 + n, 'text/plain', 'ready', lower(hex(zeroblob(28))) || printf('%08x', n), 'all-paired'
       FROM (SELECT n, printf('folder %02d/', n % 50) || name AS path, name
             FROM (SELECT n, printf(iif(n % 2 = 0, 'Report %06d.txt', 'report %06d.txt'), n) AS name FROM numbers))`,
    )
    .run();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] as number;
}
