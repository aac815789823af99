import { FileStoreError } from '@ferry/file-store';
import { MAX_OFFER_FILES, type FileEntry } from '@ferry/protocol';
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

  async *below(id: string): AsyncGenerator<readonly FileEntry[], void, undefined> {
    const { path } = this.get(id);
    const below = [...this.entries.values()].filter((each) => each.path.startsWith(`${path}/`));
    for (const each of below.sort((a, b) => (a.path < b.path ? -1 : 1))) yield [each];
  }

  /** @param paths folders end in a slash. */
  addTree(paths: readonly string[]): void {
    for (const path of paths) {
      const id = path.replace(/\/$/, '');
      const kind = id === path ? 'file' : 'folder';
      this.entries.set(id, entry(id, { path: id, kind, size: kind === 'file' ? 10 : 1_000 }));
    }
  }
}

describe('offered entries', () => {
  let catalogue: Catalogue;
  let offered: OfferedEntries;

  beforeEach(async () => {
    catalogue = new Catalogue();
    offered = await OfferedEntries.take(catalogue, ['c', 'a', 'b']);
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

  it('are nothing that is missing on the disk', async () => {
    catalogue.entries.set('a', entry('a', { state: 'missing' }));
    const refusal = expect.objectContaining({ code: 'NOT_FOUND' }) as Error;
    await expect(OfferedEntries.take(catalogue, ['a'])).rejects.toEqual(refusal);
  });

  describe('of a folder', () => {
    beforeEach(() =>
      catalogue.addTree(['t/', 't/x.txt', 't/full/', 't/full-not/', 't/full/y.txt', 't/none/', 't/none/deep/']),
    );

    it('are its files and the folders in which nothing lies, each once', async () => {
      const tree = await OfferedEntries.take(catalogue, ['t/full', 't', 't/x.txt']);
      expect([...tree.entryIds].sort()).toEqual(['t/full-not', 't/full/y.txt', 't/none/deep', 't/x.txt']);
      expect(tree.bytes).toBe(20);
    });

    it('are only its files for who does not know folders', async () => {
      const files = (await OfferedEntries.take(catalogue, ['t'])).withoutFolders();
      expect([...files.entryIds].sort()).toEqual(['t/full/y.txt', 't/x.txt']);
    });

    it('are the folder itself when nothing lies in it', async () => {
      expect((await OfferedEntries.take(catalogue, ['t/full-not'])).entryIds).toEqual(['t/full-not']);
    });

    it('stay what they were when something comes into an empty one', async () => {
      const tree = await OfferedEntries.take(catalogue, ['t/none']);
      catalogue.addTree(['t/none/deep/new.txt']);
      expect(tree.page(0, 10)?.map(({ path }) => path)).toEqual(['t/none/deep']);
    });

    it('are not more than an offer may hold', async () => {
      catalogue.addTree(['m/', ...Array.from({ length: MAX_OFFER_FILES + 1 }, (_, index) => `m/${index}.txt`)]);
      const refusal = expect.objectContaining({ code: 'TOO_MANY_FILES' }) as Error;
      await expect(OfferedEntries.take(catalogue, ['m'])).rejects.toEqual(refusal);
    });
  });
});
