import type { OfferFilesResponse, RemoteEntry } from '@ferry/protocol';
import { slicePage } from './slice-page';

const entry = (id: number): RemoteEntry => ({
  id: String(id),
  name: 'x',
  path: 'x',
  size: 1,
  mediaType: 'a/b',
  modifiedAt: '2024-05-06T07:08:09.000Z',
  kind: 'file',
  state: 'ready',
});

/** A peer whose pages hold 3, 3 and 1 entries. */
async function fetch(cursor: string | null): Promise<OfferFilesResponse> {
  const from = Number(cursor ?? '0');
  const entries = [0, 1, 2, 3, 4, 5, 6].slice(from, from + 3).map(entry);
  return { entries, nextCursor: from + 3 < 7 ? String(from + 3) : null };
}

describe('pages of our own length', () => {
  it.each([1, 2, 3, 4, 100])('give everything once, %i at a time', async (limit) => {
    const ids: string[] = [];
    const shown: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const query = { limit, ...(cursor && { cursor }) };
      const page = await slicePage(query, fetch, (entries) => shown.push(...entries.map(({ id }) => id)));
      expect(page.items.length).toBeLessThanOrEqual(limit);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(shown).toEqual(ids);
  });

  it.each(['', 'x', ':', '-1:', '1.5:3', '99999:3'])('refuse the cursor "%s"', async (cursor) => {
    const page = slicePage({ cursor }, fetch, () => undefined);
    await expect(page).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  });
});
