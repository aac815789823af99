import { FileStoreError } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';
import { OfferedEntries } from './offered-entries';

const entry = (id: string, change: Partial<FileEntry> = {}): FileEntry => ({
  id,
  name: `${id}.txt`,
  path: `${id}.txt`,
  size: 10,
  mediaType: 'text/plain',
  modifiedAt: '2024-05-06T07:08:09.000Z',
  addedAt: '2024-05-06T07:08:09.000Z',
  scope: 'shared',
  kind: 'file',
  state: 'ready',
  visibility: 'none',
  ...change,
});

/** What the device lists. */
class Catalogue {
  readonly entries = new Map(['a', 'b', 'c'].map((id) => [id, entry(id)]));

  get(id: string): FileEntry {
    const found = this.entries.get(id);
    if (!found) throw new FileStoreError('NOT_FOUND', 'No such entry');
    return found;
  }
}

describe('offered entries', () => {
  let catalogue: Catalogue;
  let offered: OfferedEntries;

  beforeEach(() => {
    catalogue = new Catalogue();
    offered = OfferedEntries.take(catalogue, ['c', 'a', 'b']);
  });

  it('are counted and listed in the order of the request, page by page', () => {
    expect([offered.count, offered.bytes]).toEqual([3, 30]);
    expect(offered.page(0, 2)?.map(({ id }) => id)).toEqual(['c', 'a']);
    expect(offered.page(2, 2)?.map(({ id }) => id)).toEqual(['b']);
  });

  it('are listed as they are now as long as path and size stay', () => {
    catalogue.entries.set('a', entry('a', { fileId: 'f'.repeat(64) }));
    expect(offered.page(0, 3)?.[1]?.fileId).toBe('f'.repeat(64));
  });

  it.each<[string, Partial<FileEntry> | undefined]>([
    ['gone', undefined],
    ['larger', { size: 11 }],
    ['called otherwise', { path: 'other.txt' }],
  ])('have no page any more with one that is %s', (_what, change) => {
    if (change) catalogue.entries.set('a', entry('a', change));
    else catalogue.entries.delete('a');
    expect(offered.page(0, 3)).toBeUndefined();
    expect(offered.page(0, 1)).toHaveLength(1);
    expect(offered.existing(0, 3)).toHaveLength(change ? 3 : 2);
  });

  it.each<[string, Partial<FileEntry>]>([
    ['folders', { kind: 'folder' }],
    ['what is missing on the disk', { state: 'missing' }],
  ])('are no %s', (_what, change) => {
    catalogue.entries.set('a', entry('a', change));
    expect(() => OfferedEntries.take(catalogue, ['a'])).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }) as Error,
    );
  });
});
