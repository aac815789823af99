import { mkdir, rename, rm, symlink, unlink } from 'node:fs/promises';
import type { FileEntry } from '@ferry/protocol';
import type { EntryQuery } from '../entries/entry-page';
import { StoreFolder } from '../testing/store-folder';

describe('folders of the share', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
  });
  afterEach(() => folder.remove());

  const list = (query: Partial<EntryQuery> = {}) =>
    folder.store.entries.list({ scope: 'shared', limit: 1000, ...query }).items;
  const paths = (query?: Partial<EntryQuery>) => list(query).map(({ path }) => path);
  const at = (path: string) => folder.store.entries.at('shared', path);
  const reached = (path: string, isReached: (entry: FileEntry) => boolean) =>
    folder.eventually(() => {
      const entry = at(path);
      return entry && isReached(entry) ? entry : undefined;
    });
  const isGone = (path: string) => folder.eventually(() => (at(path) ? undefined : true));

  it('are entries, the empty ones too, with number and bytes of all files below', async () => {
    await mkdir(folder.shared('empty/deeper'), { recursive: true });
    await folder.share('a/b/one.txt', 'one');
    await folder.share('a/two.txt', 'two two');
    await folder.open();
    expect(list({ kind: 'folder' })).toMatchObject([
      { path: 'a', name: 'a', fileCount: 2, size: 10, state: 'ready', mediaType: 'inode/directory' },
      { path: 'a/b', name: 'b', fileCount: 1, size: 3 },
      { path: 'empty/deeper', fileCount: 0, size: 0 },
      { path: 'empty', fileCount: 0, size: 0 },
    ]);
    expect(at('a')).not.toHaveProperty('fileId');
    expect(at('a/two.txt')).not.toHaveProperty('fileCount');
    expect(folder.store.entries.totals('shared')).toEqual({ files: 2, bytes: 10 });
  });

  it('count what comes, grows, moves and goes', async () => {
    await folder.share('a/b/one.txt', 'one');
    await folder.share('c/two.txt', 'two two');
    await folder.open();
    await folder.share('a/b/three.txt', '12345');
    await reached('a', ({ fileCount, size }) => fileCount === 2 && size === 8);
    await folder.share('a/b/one.txt', 'one and more');
    await reached('a/b', ({ size }) => size === 17);
    await rename(folder.shared('a/b'), folder.shared('c/b'));
    await reached('c', ({ fileCount, size }) => fileCount === 3 && size === 24);
    await reached('a', ({ fileCount, size }) => fileCount === 0 && size === 0);
    await unlink(folder.shared('c/b/one.txt'));
    await reached('c/b', ({ fileCount, size }) => fileCount === 1 && size === 5);
    await rm(folder.shared('c'), { recursive: true });
    await isGone('c');
    expect(paths()).toEqual(['a']);
    await folder.reopen();
    expect(list()).toMatchObject([{ path: 'a', fileCount: 0, size: 0 }]);
  });

  it('are listed one by one: folders first, then files, in order', async () => {
    for (const path of ['b.txt', 'z/1.txt', 'z/2/3.txt', 'm/4.txt', 'a.txt', 'z0/5.txt'])
      await folder.share(path, path);
    await folder.open();
    expect(paths({ folder: '' })).toEqual(['m', 'z', 'z0', 'a.txt', 'b.txt']);
    expect(paths({ folder: '', sort: '-name' })).toEqual(['z0', 'z', 'm', 'b.txt', 'a.txt']);
    expect(paths({ folder: 'z' })).toEqual(['z/2', 'z/1.txt']);
    expect(paths({ folder: 'z', kind: 'file' })).toEqual(['z/1.txt']);
    expect(paths({ within: 'z' })).toEqual(['z/1.txt', 'z/2', 'z/2/3.txt']);
    expect(paths({ within: 'z', q: 'Z' })).toEqual([]);
    expect(paths({ within: 'z', q: '/3' })).toEqual(['z/2/3.txt']);
    expect(paths({ folder: 'nowhere' })).toEqual([]);
    const walked: string[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = folder.store.entries.list({ scope: 'shared', folder: '', limit: 1, ...(cursor && { cursor }) });
      expect(page.total).toBe(5);
      walked.push(...page.items.map(({ path }) => path));
      cursor = page.nextCursor ?? undefined;
    }
    expect(walked).toEqual(paths({ folder: '' }));
  });

  it('give everything below them, page by page, in the order of the paths', async () => {
    const names = Array.from({ length: 1_100 }, (_, n) => `all/${n % 7}/${String(n).padStart(4, '0')}`);
    for (const name of names) await folder.share(name, '');
    await folder.share('other.txt', '');
    await folder.open();
    const pages: (readonly FileEntry[])[] = [];
    for await (const page of folder.store.entries.below(at('all')?.id ?? '')) pages.push(page);
    const found = pages.flat().map(({ path }) => path);
    expect(found).toHaveLength(names.length + 7);
    expect(found).toEqual(found.toSorted());
    expect(pages.every((page) => page.length <= 512)).toBe(true);
  });

  it('keep their id over a restart and a rename, and so does all below them', async () => {
    await folder.share('a/b/one.txt', 'one');
    await mkdir(folder.shared('a/empty'));
    await folder.open();
    await folder.sharedEntry('a/b/one.txt');
    const before = list();
    await folder.reopen();
    expect(list()).toEqual(before);
    await rename(folder.shared('a'), folder.shared('renamed'));
    await isGone('a');
    await reached('renamed/empty', () => true);
    await folder.close();
    await rename(folder.shared('renamed'), folder.shared('once more'));
    await folder.open();
    const moved = list().map((entry) => ({ ...entry, path: entry.path.replace('once more', 'a') }));
    expect(moved.map(({ name, ...entry }) => ({ ...entry, name: name === 'once more' ? 'a' : name }))).toEqual(
      expect.arrayContaining(before),
    );
    expect(moved).toHaveLength(before.length);
  });

  it('that take the place of a file, or give it up, are noticed', async () => {
    await folder.share('x', 'file');
    await folder.share('y/file.txt', 'file');
    await folder.open();
    await unlink(folder.shared('x'));
    await folder.share('x/inside.txt', 'inside');
    await rm(folder.shared('y'), { recursive: true });
    await folder.share('y', 'file');
    await reached('x', ({ kind, fileCount }) => kind === 'folder' && fileCount === 1);
    await reached('y', ({ kind, state }) => kind === 'file' && state === 'ready');
    await isGone('y/file.txt');
  });

  it('that are replaced by a link are left', async () => {
    await folder.share('../outside/secret.txt', 'secret');
    await folder.share('x/secret.txt', 'harmless');
    await folder.open();
    await rm(folder.shared('x'), { recursive: true });
    await symlink('../outside', folder.shared('x'));
    await isGone('x/secret.txt');
    await isGone('x');
    expect(folder.store.skipped('shared')).toEqual({
      items: [{ scope: 'shared', path: 'x', reason: 'symbolic link' }],
      total: 1,
    });
  });
});
