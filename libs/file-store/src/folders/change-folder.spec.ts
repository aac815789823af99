import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { FileScope } from '@ferry/protocol';
import { Database } from '../database/database';
import { FileStore } from '../file-store';
import { makeContent, writeBlocks } from '../testing/content';
import { OPEN_LIMITS, StoreFolder } from '../testing/store-folder';

describe('changing a folder', () => {
  let folder: StoreFolder;
  let other: string;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    other = join(folder.base, 'other');
    await folder.share('a/old.txt', 'old');
    await folder.open();
    await folder.sharedEntry('a/old.txt');
  });
  afterEach(() => folder.remove());

  const paths = (scope: 'shared' | 'received' = 'shared') =>
    folder.store.entries
      .list({ scope, limit: 1000 })
      .items.map(({ path }) => path)
      .sort();
  const refused = (scope: 'shared' | 'received', dir: string) =>
    expect(folder.store.changeFolder(scope, dir)).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
  async function fill(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content);
    }
  }

  it('takes what was listed off the list, and lists, hashes and watches what is in the new one', async () => {
    await fill(other, { 'b/new.txt': 'new', 'a/old.txt': 'another' });
    const before = await folder.sharedEntry('a/old.txt');
    await folder.store.changeFolder('shared', other);
    const entry = await folder.sharedEntry('b/new.txt');
    const namesake = await folder.sharedEntry('a/old.txt');
    expect(namesake).toMatchObject({ size: 7 });
    expect(namesake.id).not.toBe(before.id);
    expect(paths()).toEqual(['a', 'a/old.txt', 'b', 'b/new.txt']);
    const removed = folder.changes.filter((change) => change.type === 'removed');
    expect(removed.map(({ id }) => id)).toContain(before.id);
    const reader = await folder.store.openForRead(entry.id);
    const bytes = new Uint8Array(3);
    await reader.read(bytes, 0);
    await reader.close();
    expect(Buffer.from(bytes).toString()).toBe('new');
    await writeFile(join(other, 'by hand.txt'), 'x');
    await folder.sharedEntry('by hand.txt');
    await fill(folder.shared(), { 'unseen.txt': 'x' });
    await folder.store.rename(entry.id, 'renamed.txt');
    expect(await readFile(join(other, 'b/renamed.txt'), 'utf8')).toBe('new');
    expect(paths()).not.toContain('unseen.txt');
    expect(await readFile(folder.shared('a/old.txt'), 'utf8')).toBe('old');
  });

  it('makes a folder that is missing, and leaves nothing in the one that was left', async () => {
    await folder.store.changeFolder('received', join(other, 'deep/er'));
    expect((await stat(join(other, 'deep/er'))).isDirectory()).toBe(true);
    expect(await readdir(folder.received())).toEqual([]);
  });

  it('lets who reads a file read on', async () => {
    const reader = await folder.store.openForRead((await folder.sharedEntry('a/old.txt')).id);
    await folder.store.changeFolder('shared', other);
    const bytes = new Uint8Array(3);
    await reader.read(bytes, 0);
    await reader.close();
    expect(Buffer.from(bytes).toString()).toBe('old');
  });

  it('brings new files to the new folder, and ends an upload that is under way', async () => {
    const source = new PassThrough();
    const upload = folder.store.addUpload(source, { name: 'slow.txt' });
    const failed = expect(upload).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    source.write('first');
    await folder.store.changeFolder('shared', other);
    await failed;
    const next = new PassThrough();
    next.end('next');
    await folder.store.addUpload(next, { name: 'next.txt' });
    expect(await readFile(join(other, 'next.txt'), 'utf8')).toBe('next');
    expect((await folder.namesIn(folder.shared())).filter((name) => name.includes('upload'))).toEqual([]);
    expect(paths()).toEqual(['next.txt']);
  });

  it('keeps what was deleted where it is: it can be restored when the folder is back', async () => {
    const { id } = await folder.sharedEntry('a/old.txt');
    await folder.store.trash(id);
    await folder.store.changeFolder('shared', other);
    expect(folder.store.trashBin.list().total).toBe(0);
    await expect(folder.store.restore(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await folder.store.trashBin.purgeAll();
    await folder.store.changeFolder('shared', folder.shared());
    expect(await folder.store.restore(id)).toMatchObject({ id, path: 'a/old.txt' });
  });

  it('keeps hidden what was hidden when it comes back', async () => {
    const { id } = await folder.sharedEntry('a/old.txt');
    await folder.store.entries.setVisibility(id, 'none');
    await folder.store.changeFolder('shared', other);
    await folder.store.changeFolder('shared', folder.shared());
    expect(await folder.sharedEntry('a/old.txt')).toMatchObject({ visibility: 'none' });
  });

  it('waits for what is being moved, and many changes at once leave one', async () => {
    const { id } = await folder.sharedEntry('a/old.txt');
    await Promise.all([
      folder.store.rename(id, 'moved.txt'),
      folder.store.changeFolder('shared', other),
      folder.store.changeFolder('shared', join(folder.base, 'third')),
      folder.store.changeFolder('received', join(folder.base, 'fourth')),
    ]);
    expect(await readFile(folder.shared('a/moved.txt'), 'utf8')).toBe('old');
    expect(await folder.store.makeFolder('shared', 'made')).toMatchObject({ path: 'made' });
    expect(await readdir(join(folder.base, 'third'))).toContain('made');
    expect(paths()).toEqual(['made']);
  });

  it('of received files is refused while unfinished ones are in it', async () => {
    const content = makeContent(3 * 1024 * 1024);
    const file = await folder.store.staging.open(content.request);
    await writeBlocks(file, content, [0]);
    await refused('received', other);
    await file.close();
    await refused('received', other);
    await folder.store.staging.discard(content.request.key);
    await folder.store.changeFolder('received', other);
    const again = await folder.store.staging.open(content.request);
    await writeBlocks(again, content, [0, 1, 2]);
    await again.publish();
    expect((await readFile(join(other, content.request.path))).equals(content.bytes)).toBe(true);
    expect(paths('received')).toEqual(['folder', 'folder/file.bin']);
  });

  describe('is refused, and nothing changes, for', () => {
    afterEach(() => expect(paths()).toEqual(['a', 'a/old.txt']));

    it('the other folder, one in it and one around it, also by a symlink', async () => {
      await refused('shared', folder.received());
      await refused('shared', join(folder.received(), 'below/it'));
      await refused('shared', folder.base);
      await symlink(folder.received(), join(folder.base, 'link'));
      await refused('shared', join(folder.base, 'link'));
      await refused('shared', join(folder.base, 'link/below'));
      await refused('received', join(folder.shared(), 'a'));
      expect(await readdir(folder.received())).not.toContain('below');
    });

    it('the whole disk, system folders, and a dangling symlink', async () => {
      await symlink(join(folder.base, 'nowhere'), join(folder.base, 'dangling'));
      for (const dir of ['/', '/proc', '/sys/kernel', '/dev/shm', join(folder.base, 'dangling')])
        await refused('shared', dir);
    });

    it('a file, and one below a file', async () => {
      await refused('shared', folder.shared('a/old.txt'));
      await refused('shared', folder.shared('a/old.txt/x'));
    });

    it('the data folder of another node', async () => {
      await fill(other, { 'ferry.sqlite': '', 'identity.key': '', 'backup/ferry.sqlite-copy': '' });
      await refused('shared', other);
      await refused('shared', join(other, 'backup'));
      await refused('received', other);
    });

    it('a folder that a node keeps deleted or unfinished files in, and one below it, in any case', async () => {
      await fill(other, { '.Ferry-Trash/secret.txt': 'x' });
      for (const name of ['.Ferry-Trash', '.ferry-trash/x', '.ferry-staging', '.FERRY-STAGING/a/b'])
        await expect(folder.store.changeFolder('shared', join(other, name))).rejects.toMatchObject({
          code: 'FOLDER_UNUSABLE',
          message: expect.stringContaining('deleted or unfinished files'),
        });
      await refused('received', folder.shared('.ferry-trash'));
      expect(await readdir(other)).toEqual(['.Ferry-Trash']);
    });

    it('a folder that cannot be written to', async () => {
      await mkdir(other);
      const isRoot = process.getuid?.() === 0;
      if (isRoot) {
        try {
          execFileSync('chattr', ['+i', other], { stdio: 'pipe' });
        } catch {
          return console.warn('skipped: the file system has no immutable folders');
        }
      } else await chmod(other, 0o555);
      try {
        await refused('shared', other);
        await refused('shared', join(other, 'below'));
      } finally {
        if (isRoot) execFileSync('chattr', ['-i', other]);
        else await chmod(other, 0o755);
      }
    });
  });
});

describe('a folder that is gone at the start', () => {
  let base: string;
  let database: Database;
  let store: FileStore;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'ferry-gone-'));
    await mkdir(join(base, 'disk/shared'), { recursive: true });
    await writeFile(join(base, 'disk/shared/file.txt'), 'content');
    await open([]);
  });
  afterEach(async () => {
    await close();
    await rm(base, { recursive: true });
  });

  async function open(mustExist: readonly FileScope[] = ['shared']): Promise<void> {
    database = Database.open(join(base, 'data/ferry.sqlite'));
    store = await FileStore.open({
      database,
      sharedDir: join(base, 'disk/shared'),
      receivedDir: join(base, 'received'),
      limits: OPEN_LIMITS,
      mustExist,
      standInDir: join(base, 'data/absent'),
      privateDirs: [join(base, 'data')],
    });
    await store.firstScan;
  }
  async function close(): Promise<void> {
    await store.close();
    database.close();
  }
  const list = () => store.entries.list({ scope: 'shared' }).items;

  it('is not made, keeps its list, takes nothing, and is used when it is there', async () => {
    const before = list();
    await close();
    await rename(join(base, 'disk'), join(base, 'unplugged'));
    await open();
    expect(store.unusableFolders()).toMatchObject([{ scope: 'shared' }]);
    expect(list().map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    const id = before[0]?.id ?? '';
    await expect(store.openForRead(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(store.rename(id, 'x.txt')).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    await expect(store.trash(id)).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    await expect(store.makeFolder('shared', 'x')).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    const source = new PassThrough();
    const closed = once(source, 'close');
    await expect(store.addUpload(source, { name: 'x.txt' })).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    await closed;
    expect(() => store.resumable).toThrow(expect.objectContaining({ code: 'FOLDER_UNUSABLE' }));
    expect(list()).toHaveLength(1);
    await expect(stat(join(base, 'disk'))).rejects.toMatchObject({ code: 'ENOENT' });

    await rename(join(base, 'unplugged'), join(base, 'disk'));
    await store.changeFolder('shared', join(base, 'disk/shared'));
    expect(store.unusableFolders()).toEqual([]);
    const reader = await store.openForRead(id);
    await reader.close();
    expect((await store.rename(id, 'renamed.txt')).id).toBe(id);
  });

  it('is not taken for the place where its disk is mounted', async () => {
    await close();
    await rename(join(base, 'disk'), join(base, 'unplugged'));
    await mkdir(join(base, 'disk/shared'), { recursive: true });
    await writeFile(join(base, 'disk/shared/private.txt'), 'of the disk below');
    await open();
    expect(store.unusableFolders()).toMatchObject([{ scope: 'shared' }]);
    expect(list().map(({ name }) => name)).toEqual(['file.txt']);
    await store.changeFolder('shared', join(base, 'disk/shared')); // as the user says so
    await store.firstScan;
  });

  it('can be changed for another one, and the list goes with it', async () => {
    await close();
    await rename(join(base, 'disk'), join(base, 'unplugged'));
    await open();
    await store.changeFolder('shared', join(base, 'new'));
    expect([list(), store.unusableFolders()]).toEqual([[], []]);
    expect(await store.makeFolder('shared', 'made')).toMatchObject({ path: 'made' });
  });

  it('never becomes one that holds the data folder, whatever a symlink says meanwhile', async () => {
    await close();
    await rename(join(base, 'disk/shared'), join(base, 'aside'));
    await symlink(base, join(base, 'disk/shared'));
    await open();
    expect(store.unusableFolders()).toMatchObject([
      { scope: 'shared', reason: expect.stringContaining('data folder') },
    ]);
    await expect(store.changeFolder('received', join(base, 'data/x'))).rejects.toMatchObject({
      code: 'FOLDER_UNUSABLE',
    });
  });
});
