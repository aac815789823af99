import { FileStoreError, type Database } from '@ferry/file-store';
import { DEFAULT_PAGE_LIMIT, type ListQuery, type Page, type Peer } from '@ferry/protocol';
import { sortNameOf } from './peer-record';

export const PEER_SORTS = ['name', '-name'] as const;

interface PageOfIds {
  readonly ids: string[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** One keyset page of peers by name; the cursor holds the last name and id of the page before. */
export function listPeerIds(database: Database, query: ListQuery): PageOfIds {
  const { limit = DEFAULT_PAGE_LIMIT, cursor, sort = 'name', q } = query;
  const [comparison, order] = sort === '-name' ? ['<', 'DESC'] : ['>', 'ASC'];
  const search = q ? sortNameOf(q) : '';
  // With an empty search instr() is 1, so the same statement lists all.
  const filter = 'instr(sortName, ?) > 0';

  const counted = database.prepare(`SELECT count(*) AS total FROM peers WHERE ${filter}`).get(search);
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const rows = database
    .prepare(
      `SELECT id, sortName FROM peers
       WHERE ${filter} ${after ? `AND (sortName, id) ${comparison} (?, ?)` : ''}
       ORDER BY sortName ${order}, id ${order} LIMIT ?`,
    )
    .all(search, ...(after ?? []), limit + 1) as {
    id: string;
    sortName: string;
  }[];

  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    ids: page.map(({ id }) => id),
    nextCursor: rows.length > limit && last ? toCursor(last) : null,
    total: counted?.['total'] as number,
  };
}

/**
 * Puts the devices nearby among a page of known ones, in the same order.
 * @param known the page for the same query.
 * @param nearby all that match the search, in no order.
 */
export function withNearby(query: ListQuery, known: Page<Peer>, nearby: readonly Peer[]): Page<Peer> {
  const { limit = DEFAULT_PAGE_LIMIT, cursor, sort = 'name' } = query;
  const direction = sort === '-name' ? -1 : 1;
  const after = cursor === undefined ? undefined : keyOf(...parseCursor(cursor));
  const isOnPage = (key: Buffer): boolean => after === undefined || direction * Buffer.compare(key, after) > 0;

  const keyed = [...known.items, ...nearby].map((peer) => ({ peer, key: keyOf(sortNameOf(peer.name), peer.id) }));
  const rest = keyed.filter(({ key }) => isOnPage(key)).sort((a, b) => direction * Buffer.compare(a.key, b.key));
  const page = rest.slice(0, limit).map(({ peer }) => peer);
  const last = page.at(-1);
  const hasMore = rest.length > limit || known.nextCursor !== null;
  return {
    items: page,
    nextCursor: hasMore && last ? toCursor({ sortName: sortNameOf(last.name), id: last.id }) : null,
    total: known.total + nearby.length,
  };
}

/** Compares as SQLite compares (name, id): by the bytes of UTF-8. No name holds the byte between the two. */
function keyOf(sortName: string, id: string): Buffer {
  return Buffer.from(`${sortName}\0${id}`);
}

function toCursor({ sortName, id }: { sortName: string; id: string }): string {
  return Buffer.from(JSON.stringify([sortName, id])).toString('base64url');
}

function parseCursor(cursor: string): [string, string] {
  const [sortName, id] = decodeCursor(cursor);
  if (typeof sortName !== 'string' || typeof id !== 'string') {
    throw new FileStoreError('BAD_CURSOR', 'The cursor is not one of this list; read the list again from its start.');
  }
  return [sortName, id];
}

function decodeCursor(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
