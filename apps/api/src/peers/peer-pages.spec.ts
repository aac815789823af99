import type { Page, Peer } from '@ferry/protocol';
import { withNearby } from './peer-pages';

const peer = (name: string, id: string): Peer => ({
  id,
  name,
  state: id.length === 14 ? 'nearby' : 'offline',
  paired: false,
  addresses: [],
  seenAt: [],
  protocol: 'ferry/1',
  permissions: { seeMyFiles: false, sendToMe: false, autoAcceptBytes: 0, blocked: false },
});
const nearby = ['Berta', 'anna', 'Émile', '😀', 'ｚ'].map((name, index) => peer(name, `${index}`.padEnd(14, 'A')));
const NOBODY: Page<Peer> = { items: [], nextCursor: null, total: 0 };

/** All pages of `limit`, as long as no known peer is there. */
function walk(limit: number, sort: 'name' | '-name'): string[] {
  const names: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = withNearby({ limit, sort, ...(cursor !== undefined && { cursor }) }, NOBODY, nearby);
    names.push(...page.items.map(({ name }) => name));
    if (page.nextCursor === null) return names;
    cursor = page.nextCursor;
  }
}

describe('withNearby', () => {
  const order = ['anna', 'Berta', 'ｚ', 'Émile', '😀'];

  it('puts devices nearby in the order of the list', () => expect(walk(50, 'name')).toEqual(order));

  it.each([1, 2, 3])('lists each once in pages of %d, in either direction', (limit) => {
    expect(walk(limit, 'name')).toEqual(order);
    expect(walk(limit, '-name')).toEqual(order.toReversed());
  });

  it('mixes them with known peers and counts both', () => {
    const known = { items: [peer('Bea', 'x'), peer('Carl', 'y')], nextCursor: 'more', total: 7 };
    const page = withNearby({ limit: 3 }, known, nearby);
    expect(page.items.map(({ name }) => name)).toEqual(['anna', 'Bea', 'Berta']);
    expect(page.total).toBe(12);
    expect(withNearby({ limit: 3, cursor: page.nextCursor ?? '' }, NOBODY, nearby).items[0]?.name).toBe('ｚ');
  });

  it('leaves the list as it is when nobody is nearby', () => {
    const known = { items: [peer('Bea', 'x')], nextCursor: null, total: 1 };
    expect(withNearby({}, known, [])).toEqual(known);
  });
});
