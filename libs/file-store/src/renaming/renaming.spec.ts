import { link, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { FileEntry } from '@ferry/protocol';
import { StoreFolder } from '../testing/store-folder';

describe('renaming', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.share('a/file.txt', 'content');
    await folder.share('a/b/deep.txt', 'deep');
    await mkdir(folder.shared('a/empty'));
    await folder.open();
  });
  afterEach(() => folder.remove());

  const listed = () =>
    folder.store.entries
      .list({ scope: 'shared', limit: 1000 })
      .items.map(({ path }) => path)
      .sort();
  /** All but what is computed in the background. */
  const expectSame = ({ sha256: _, ...entry }: FileEntry, expected: Partial<FileEntry> | undefined) => {
    const { sha256: __, ...rest } = expected ?? {};
    expect(entry).toEqual(rest);
  };
  const entry = (path: string) => folder.sharedEntry(path, () => true);
  const rejects = (renaming: Promise<FileEntry>, code: string) => expect(renaming).rejects.toMatchObject({ code });

  it('gives a file another name; id, content, visibility and dates stay', async () => {
    const before = await folder.sharedEntry('a/file.txt');
    await folder.store.entries.setVisibility(before.id, 'none');
    const renamed = await folder.store.rename(before.id, 'other.txt');
    expectSame(renamed, { ...before, name: 'other.txt', path: 'a/other.txt', visibility: 'none' });
    expect(await readFile(folder.shared('a/other.txt'), 'utf8')).toBe('content');
    expect(await readdir(folder.shared('a'))).not.toContain('file.txt');
    expect(folder.changes.at(-1)).toMatchObject({ type: 'changed', entry: { id: before.id, path: 'a/other.txt' } });
  });

  it('is not undone by the watch or a scan, nor by a restart', async () => {
    const { id } = await folder.sharedEntry('a/file.txt');
    await folder.store.rename(id, 'other.txt');
    await folder.store.rename((await entry('a')).id, 'z');
    await folder.share('later.txt', 'later'); // what was noticed before is looked at before
    await entry('later.txt');
    expect(folder.store.entries.get(id).path).toBe('z/other.txt');
    await folder.reopen();
    expect(folder.store.entries.get(id)).toMatchObject({ path: 'z/other.txt', state: 'ready' });
    expect(listed()).toEqual(['later.txt', 'z', 'z/b', 'z/b/deep.txt', 'z/empty', 'z/other.txt']);
  });

  it('gives a folder another name, with all below it', async () => {
    const [top, file, deep] = await Promise.all(
      ['a', 'a/file.txt', 'a/b/deep.txt'].map((path) => folder.sharedEntry(path)),
    );
    await folder.store.entries.setVisibility(deep?.id ?? '', 'none');
    const renamed = await folder.store.rename(top?.id ?? '', 'z');
    expect(renamed).toMatchObject({ id: top?.id, path: 'z', name: 'z', kind: 'folder' });
    expect(listed()).toEqual(['z', 'z/b', 'z/b/deep.txt', 'z/empty', 'z/file.txt']);
    expectSame(folder.store.entries.get(file?.id ?? ''), { ...file, path: 'z/file.txt' });
    expectSame(folder.store.entries.get(deep?.id ?? ''), { ...deep, path: 'z/b/deep.txt', visibility: 'none' });
    expect(folder.store.entries.get(top?.id ?? '')).toMatchObject({ size: 11, fileCount: 2 });
    expect(await readdir(folder.shared())).toEqual(expect.arrayContaining(['z']));
    await expect(stat(folder.shared('a'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('keeps what is shown in a hidden folder shown', async () => {
    const { id } = await entry('a/file.txt');
    await folder.store.entries.setVisibility((await entry('a')).id, 'none');
    await folder.store.entries.setVisibility(id, 'all-paired');
    await folder.store.rename((await entry('a')).id, 'z');
    expect(folder.store.entries.get(id).visibility).toBe('all-paired');
  });

  it('lets who reads the file read on', async () => {
    const { id } = await entry('a/file.txt');
    const reader = await folder.store.openForRead(id);
    await folder.store.rename((await entry('a')).id, 'z');
    await folder.store.rename(id, 'other.txt');
    const bytes = new Uint8Array(7);
    await reader.read(bytes, 0);
    await reader.assertUnchanged();
    await reader.close();
    expect(Buffer.from(bytes).toString()).toBe('content');
  });

  it.each(['b.txt', 'B.TXT', 'ｂ.txt'])('refuses %s when b.txt is there, and changes nothing', async (name) => {
    await folder.share('a/b.txt', 'other');
    await entry('a/b.txt');
    await rejects(folder.store.rename((await entry('a/file.txt')).id, name), 'NAME_TAKEN');
    expect(await readFile(folder.shared('a/b.txt'), 'utf8')).toBe('other');
    expect(await readFile(folder.shared('a/file.txt'), 'utf8')).toBe('content');
  });

  it('refuses the name of something that is not listed', async () => {
    await mkdir(folder.shared('a/.ferry'), { recursive: true });
    const { id } = await entry('a/file.txt');
    await link(folder.shared('a/file.txt'), folder.shared('a/twin.txt'));
    await rejects(folder.store.rename(id, 'twin.txt'), 'NAME_TAKEN');
    await rejects(folder.store.rename((await entry('a/b')).id, 'empty'), 'NAME_TAKEN');
    await rejects(folder.store.rename((await entry('a/b')).id, 'file.txt'), 'NAME_TAKEN');
    await rejects(folder.store.rename(id, 'EMPTY.txt/../x'), 'UNSAFE_NAME');
  });

  it('changes the spelling of a name alone', async () => {
    expect((await folder.store.rename((await entry('a/file.txt')).id, 'FILE.txt')).path).toBe('a/FILE.txt');
    expect((await folder.store.rename((await entry('a/b')).id, 'B')).path).toBe('a/B');
    expect(listed()).toEqual(['a', 'a/B', 'a/B/deep.txt', 'a/FILE.txt', 'a/empty']);
  });

  it.each(['', '..', 'x/y', '/x', 'x\0', '.ferry-trash'])('refuses the name %j', async (name) => {
    await rejects(folder.store.rename((await entry('a/file.txt')).id, name), 'UNSAFE_NAME');
  });

  it('maps names as every other door, and filters a type that changes', async () => {
    const { id } = await entry('a/file.txt');
    expect((await folder.store.rename(id, 'ab:c?.txt')).name).toBe('ab_c_.txt');
    await rejects(folder.store.rename(id, 'virus.exe'), 'EXTENSION_NOT_ALLOWED');
    await rejects(folder.store.rename(id, 'virus.exe:.txt'), 'EXTENSION_NOT_ALLOWED');
    await folder.share('old.exe', 'by hand');
    expect((await folder.store.rename((await entry('old.exe')).id, 'new.exe')).path).toBe('new.exe');
    expect((await folder.store.rename((await entry('a/b')).id, 'folder.exe')).path).toBe('a/folder.exe');
    expect((await folder.store.rename(id, 'page.html')).mediaType).toBe('text/html');
  });

  it('of one file to many names at once gives it one', async () => {
    const { id } = await entry('a/file.txt');
    const names = Array.from({ length: 10 }, (_, at) => `name-${at}.txt`);
    await Promise.all(names.map((name) => folder.store.rename(id, name)));
    expect((await readdir(folder.shared('a'))).sort()).toEqual(
      ['b', 'empty', folder.store.entries.get(id).name].sort(),
    );
  });

  it('of a folder and what lies in it, at once, keeps both names', async () => {
    const [top, file] = [await entry('a'), await entry('a/file.txt')];
    await Promise.all([
      folder.store.rename(file.id, 'other.txt'),
      folder.store.rename(top.id, 'z'),
      folder.store.rename(file.id, 'third.txt'),
      folder.store.makeFolder('shared', 'a/b/new'),
    ]);
    expect(folder.store.entries.get(file.id).path).toBe('z/third.txt');
    expect(await readFile(folder.shared('z/third.txt'), 'utf8')).toBe('content');
  });

  it('says so when the file is gone', async () => {
    const { id } = await entry('a/file.txt');
    await rm(folder.shared('a'), { recursive: true });
    await rejects(folder.store.rename(id, 'other.txt'), 'NOT_FOUND');
  });

  describe('after a crash', () => {
    /** What a process leaves that ends in the middle of giving `from` the path `to`. */
    async function crash(from: string, to: string, moveOnDisk: () => Promise<unknown>): Promise<FileEntry> {
      const before = await folder.sharedEntry(from);
      folder.database
        .prepare(
          "INSERT INTO renaming (row_id, scope, from_path, to_path) SELECT row_id, 'shared', ?, ? FROM entry WHERE id = ?",
        )
        .run(from, to, before.id);
      await folder.close();
      await moveOnDisk();
      await folder.open();
      expect(folder.database.prepare('SELECT * FROM renaming').all()).toEqual([]);
      return before;
    }

    it('before anything was moved, nothing is', async () => {
      const before = await crash('a/file.txt', 'a/other.txt', async () => undefined);
      expectSame(folder.store.entries.get(before.id), before);
    });

    it('between the two names of a file, the old one goes', async () => {
      const before = await crash('a/file.txt', 'a/other.txt', () =>
        link(folder.shared('a/file.txt'), folder.shared('a/other.txt')),
      );
      expectSame(folder.store.entries.get(before.id), { ...before, path: 'a/other.txt', name: 'other.txt' });
      expect((await readdir(folder.shared('a'))).sort()).toEqual(['b', 'empty', 'other.txt']);
    });

    it('leaves a file alone that took the new name meanwhile', async () => {
      const before = await crash('a/file.txt', 'a/other.txt', () => writeFile(folder.shared('a/other.txt'), 'content'));
      expectSame(folder.store.entries.get(before.id), before);
      expect(listed()).toContain('a/other.txt');
    });

    it('after the claim on the name of a folder, nothing is left of it', async () => {
      const before = await crash('a', 'z', () => mkdir(folder.shared('z')));
      expectSame(folder.store.entries.get(before.id), before);
      expect(await readdir(folder.shared())).not.toContain('z');
    });

    it('after a folder was moved, everything below it has its new path and its id', async () => {
      const deep = await folder.sharedEntry('a/b/deep.txt');
      const before = await crash('a', 'z', () => rename(folder.shared('a'), folder.shared('z')));
      expect(folder.store.entries.get(before.id)).toMatchObject({ path: 'z', fileCount: 2 });
      expectSame(folder.store.entries.get(deep.id), { ...deep, path: 'z/b/deep.txt' });
      expect(listed()).toEqual(['z', 'z/b', 'z/b/deep.txt', 'z/empty', 'z/file.txt']);
    });
  });
});

describe('making folders', () => {
  let folder: StoreFolder;
  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.open();
  });
  afterEach(() => folder.remove());

  it('makes those above as well, lists them at once, and again is fine', async () => {
    const made = await folder.store.makeFolder('received', 'x/y/z');
    expect(made).toMatchObject({ path: 'x/y/z', name: 'z', kind: 'folder', state: 'ready', size: 0, fileCount: 0 });
    expect((await stat(folder.received('x/y/z'))).isDirectory()).toBe(true);
    expect(await folder.store.makeFolder('received', 'x/y/z')).toEqual(made);
    const { items } = folder.store.entries.list({ scope: 'received' });
    expect(items.map(({ path }) => path).sort()).toEqual(['x', 'x/y', 'x/y/z']);
    await folder.reopen();
    expect(folder.store.entries.get(made.id).path).toBe('x/y/z');
  });

  it('uses the spelling that is there', async () => {
    const first = await folder.store.makeFolder('shared', 'Photos/Été');
    expect(await folder.store.makeFolder('shared', 'PHOTOS/été')).toEqual(first);
    expect((await folder.store.makeFolder('shared', 'photos/new')).path).toBe('Photos/new');
    expect((await readdir(folder.shared())).filter((name) => !name.startsWith('.'))).toEqual(['Photos']);
  });

  it.each([
    ['file.txt', 'NAME_TAKEN'],
    ['FILE.txt', 'NAME_TAKEN'],
    ['file.txt/below', 'NAME_TAKEN'],
    ['../x', 'UNSAFE_NAME'],
    ['/x', 'UNSAFE_NAME'],
    ['x/', 'UNSAFE_NAME'],
    ['', 'UNSAFE_NAME'],
    ['.ferry-staging/x', 'UNSAFE_NAME'],
  ])('refuses %j', async (path, code) => {
    await folder.share('file.txt', 'a file');
    await folder.sharedEntry('file.txt');
    await expect(folder.store.makeFolder('shared', path)).rejects.toMatchObject({ code });
  });
});
