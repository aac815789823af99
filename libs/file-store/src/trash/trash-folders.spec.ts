import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import {
  access,
  chmod,
  link,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '@ferry/protocol';
import { TRASH_FOLDER } from '../disk/root';
import { StoreFolder } from '../testing/store-folder';

describe('the trash of folders', () => {
  let folder: StoreFolder;
  let before: ReadonlyMap<string, FileEntry>;
  let top: FileEntry;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.share('a/file.txt', 'content');
    await folder.share('a/b/deep.txt', 'deep');
    await mkdir(folder.shared('a/empty'));
    await folder.share('stays.txt', 'stays');
    await folder.open();
    for (const path of ['a/file.txt', 'a/b/deep.txt', 'stays.txt']) await folder.sharedEntry(path);
    await folder.store.entries.setVisibility((await folder.sharedEntry('a/b/deep.txt')).id, 'none');
    before = entries();
    top = before.get('a') as FileEntry;
  });
  afterEach(() => folder.remove());

  /** All but what is computed in the background, and when the content of a folder changed. */
  const entries = () =>
    new Map(
      folder.store.entries.list({ scope: 'shared', limit: 1000 }).items.map((entry) => {
        const { sha256: _, modifiedAt, ...rest } = entry;
        return [entry.path, { ...rest, modifiedAt: entry.kind === 'folder' ? '' : modifiedAt }];
      }),
    );
  const paths = () => [...entries().keys()].sort();
  const trashed = (...path: string[]) => folder.shared(join(TRASH_FOLDER, top.id, ...path));
  const ALL = ['a', 'a/b', 'a/b/deep.txt', 'a/empty', 'a/file.txt', 'stays.txt'];

  it('takes a folder as one item, with all below it, and gives it back as it was, also after a restart', async () => {
    await folder.store.trash(top.id);
    expect(paths()).toEqual(['stays.txt']);
    expect(folder.store.entries.totals('shared')).toMatchObject({ files: 1, bytes: 5 });
    const removed = folder.changes.flatMap((change) => (change.type === 'removed' ? [change.id] : []));
    expect(removed.sort()).toEqual(
      ALL.slice(0, 5)
        .map((path) => before.get(path)?.id)
        .sort(),
    );
    await folder.reopen();
    const { items, total } = folder.store.trashBin.list();
    expect([total, items.map(({ id, path, size, fileCount }) => [id, path, size, fileCount])]).toEqual([
      1,
      [[top.id, 'a', 11, 2]],
    ]);
    expect(await folder.store.restore(top.id)).toMatchObject({ id: top.id, path: 'a' });
    expect(entries()).toEqual(before);
    expect(await readFile(folder.shared('a/b/deep.txt'), 'utf8')).toBe('deep');
    expect(folder.store.trashBin.list().total).toBe(0);
    expect(await readdir(folder.shared(TRASH_FOLDER))).toEqual([]);
    await folder.reopen();
    expect(entries()).toEqual(before);
  });

  it('keeps several of one name apart', async () => {
    await folder.store.trash(top.id);
    await folder.share('a/file.txt', 'second');
    const second = await folder.sharedEntry('a', () => true);
    await folder.sharedEntry('a/file.txt');
    await folder.store.trash(second.id);
    await folder.share('a', 'a file now');
    await folder.sharedEntry('a');
    expect((await folder.store.restore(top.id)).path).toBe('a (2)');
    expect((await folder.store.restore(second.id)).path).toBe('a (3)');
    expect(await readFile(folder.shared('a (2)/file.txt'), 'utf8')).toBe('content');
    expect(await readFile(folder.shared('a (3)/file.txt'), 'utf8')).toBe('second');
    expect(entries().get('a (2)/b/deep.txt')).toMatchObject({ id: before.get('a/b/deep.txt')?.id, visibility: 'none' });
  });

  it('gives back what was deleted of a deleted folder, with the folder made again', async () => {
    const deep = before.get('a/b/deep.txt') as FileEntry;
    await folder.store.trash(deep.id);
    await folder.store.trash(before.get('a/b')?.id ?? '');
    await folder.store.trash(top.id);
    expect((await folder.store.restore(deep.id)).path).toBe('a/b/deep.txt');
    expect((await folder.store.restore(before.get('a/b')?.id ?? '')).path).toBe('a/b (2)');
    expect((await folder.store.restore(top.id)).path).toBe('a (2)');
    expect(folder.store.trashBin.list().total).toBe(0);
  });

  it('says so when a file is where the folder above was', async () => {
    await folder.store.trash(before.get('a/b')?.id ?? '');
    await folder.store.trash(top.id);
    await folder.share('a', 'a file now');
    await folder.sharedEntry('a');
    await expect(folder.store.restore(before.get('a/b')?.id ?? '')).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    expect(folder.store.trashBin.list().total).toBe(2);
  });

  it('deletes for good without following anything out of it', async () => {
    const outside = join(folder.base, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'precious.txt'), 'precious');
    await symlink(outside, folder.shared('a/b/link'));
    await symlink(join(outside, 'precious.txt'), folder.shared('a/link.txt'));
    await symlink('nowhere', folder.shared('a/dangling'));
    await link(join(outside, 'precious.txt'), folder.shared('a/hard.txt'));
    execFileSync('mkfifo', [folder.shared('a/fifo')]);
    await writeFile(Buffer.concat([Buffer.from(folder.shared('a/b/bad')), Buffer.of(0xff)]), 'no UTF-8');
    await mkdir(Buffer.concat([Buffer.from(folder.shared('a/bad')), Buffer.of(0xfe)]));
    for (let at = 0; at < 40; at++) await folder.share(`a/many/${at}/${at}.txt`, 'x');
    await folder.store.trash(top.id);
    await folder.store.trashBin.purge(top.id);
    expect(await readdir(folder.shared(TRASH_FOLDER))).toEqual([]);
    expect(await readdir(outside)).toEqual(['precious.txt']);
    expect(await readFile(join(outside, 'precious.txt'), 'utf8')).toBe('precious');
    expect(folder.database.prepare('SELECT COUNT(*) AS rows FROM entry').get()).toEqual({ rows: 1 });
    await expect(folder.store.restore(top.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('knows nothing of what lies below its items', async () => {
    await folder.store.trash(top.id);
    const inside = before.get('a/file.txt')?.id ?? '';
    await expect(folder.store.restore(inside)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(folder.store.trashBin.purge(inside)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('forgets an item that somebody took out by hand', async () => {
    await folder.store.trash(top.id);
    await rename(trashed(), folder.shared('by hand'));
    await expect(folder.store.restore(top.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(folder.store.trashBin.list().total).toBe(0);
    expect((await folder.sharedEntry('by hand/file.txt')).size).toBe(7);
  });

  it('takes only off the list what is gone already', async () => {
    await rm(folder.shared('a'), { recursive: true });
    await folder.store.trash(top.id).catch((error: unknown) => expect(error).toMatchObject({ code: 'NOT_FOUND' }));
    expect(paths()).toEqual(['stays.txt']);
    expect(folder.store.trashBin.list().total).toBe(0);
  });

  it('lets uploads into the folder wait for their place', async () => {
    await Promise.all([
      folder.store.trash(top.id),
      folder.store.makeFolder('shared', 'a/b/made'),
      folder.store.restore(top.id).catch(() => undefined),
    ]);
    const scan = new Set(await folder.namesIn(folder.shared()));
    for (const path of paths()) expect(scan).toContain(path);
  });

  it('leaves alone what is mounted in a folder', async () => {
    const point = folder.shared('a/a disk');
    await mkdir(point);
    await mkdir(join(folder.base, 'precious'));
    await writeFile(join(folder.base, 'precious/file.txt'), 'precious');
    try {
      execFileSync('mount', ['--bind', join(folder.base, 'precious'), point], { stdio: 'pipe' });
    } catch {
      return console.warn('skipped: nothing can be mounted here');
    }
    try {
      await expect(folder.store.trash(top.id)).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    } finally {
      execFileSync('umount', [point]);
    }
    await folder.store.trash(top.id);
    execFileSync('mount', ['--bind', join(folder.base, 'precious'), trashed('a disk')]);
    try {
      await expect(folder.store.trashBin.purge(top.id)).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    } finally {
      execFileSync('umount', [trashed('a disk')]);
    }
    await folder.store.trashBin.purge(top.id);
    expect(await readFile(join(folder.base, 'precious/file.txt'), 'utf8')).toBe('precious');
  });

  describe('that has no right to a folder', () => {
    const canShow = process.platform === 'linux' && process.getuid?.() === 0;
    const itWithAttributes = canShow ? it : it.skip; // chattr needs root, and a file system that has it

    itWithAttributes('says so, and leaves list and disk as they are', async () => {
      try {
        execFileSync('chattr', ['+i', folder.shared('a')], { stdio: 'pipe' });
      } catch {
        return console.warn('skipped: the file system has no immutable folders');
      }
      try {
        await expect(folder.store.trash(top.id)).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
        await expect(folder.store.rename(top.id, 'z')).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
        const file = before.get('a/file.txt')?.id ?? '';
        await expect(folder.store.trash(file)).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
        await expect(folder.store.rename(file, 'other.txt')).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
        await expect(folder.store.makeFolder('shared', 'a/new')).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
        expect(entries()).toEqual(before);
        expect(folder.database.prepare('SELECT * FROM renaming').all()).toEqual([]);
      } finally {
        execFileSync('chattr', ['-i', folder.shared('a')]);
      }
      await folder.store.trash(top.id);
      execFileSync('chattr', ['+i', trashed('b/deep.txt')]);
      try {
        await expect(folder.store.trashBin.purge(top.id)).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
        await expect(folder.store.trashBin.purgeAll()).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
        expect(folder.store.trashBin.list().items).toMatchObject([{ id: top.id }]);
      } finally {
        execFileSync('chattr', ['-i', trashed('b/deep.txt')]);
      }
      await folder.store.trashBin.purgeAll();
      expect(folder.store.trashBin.list().total).toBe(0);
    });
  });

  describe('after a crash', () => {
    const sql = (text: string, ...values: (string | number)[]) => folder.database.prepare(text).run(...values);
    const rowId = (path: string) =>
      Number(
        folder.database.prepare('SELECT row_id AS id FROM entry WHERE id = ?').get(before.get(path)?.id ?? '')?.['id'],
      );

    it('between the move and its commit, the move counts', async () => {
      await folder.close();
      await rename(folder.shared('a'), trashed());
      await folder.open();
      expect(paths()).toEqual(['stays.txt']);
      await folder.store.restore(top.id);
      expect(entries()).toEqual(before);
    });

    it('and a new folder of that name before the next start, the two are apart', async () => {
      await folder.close();
      await rename(folder.shared('a'), trashed());
      await folder.share('a/file.txt', 'new');
      await folder.open();
      const now = await folder.sharedEntry('a/file.txt');
      expect(now.id).not.toBe(before.get('a/file.txt')?.id);
      expect((await folder.store.restore(top.id)).path).toBe('a (2)');
      expect(entries().get('a (2)/file.txt')).toMatchObject({ id: before.get('a/file.txt')?.id, size: 7 });
    });

    it('while entries leave the list, the rest of them does', async () => {
      const time = Date.now();
      sql('UPDATE entry SET trashed_at = ? WHERE row_id IN (?, ?)', time, rowId('a'), rowId('a/b'));
      sql(
        "INSERT INTO trash_item VALUES (?, 'shared', ?, ?, 11, 'hiding', 'a', NULL)",
        ...[rowId('a'), folder.shared().replace(/\/$/, ''), time],
      );
      await folder.close();
      await rename(folder.shared('a'), trashed());
      await folder.open();
      expect(paths()).toEqual(['stays.txt']);
      await folder.store.restore(top.id);
      expect(entries()).toEqual(before);
    });

    it('before the move back, it stays in the trash', async () => {
      await folder.store.trash(top.id);
      sql("UPDATE trash_item SET item_state = 'restoring', to_path = 'a'");
      await folder.close();
      await mkdir(folder.shared('a')); // the claim on its name
      await folder.open();
      expect(paths()).toEqual(['stays.txt']);
      await expect(stat(folder.shared('a'))).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await folder.store.restore(top.id)).path).toBe('a');
      expect(entries()).toEqual(before);
    });

    it('after the move back, it is restored, step by step', async () => {
      await folder.store.trash(top.id);
      sql("UPDATE trash_item SET item_state = 'restoring', to_path = 'z'");
      sql("UPDATE entry SET trashed_at = NULL, path = 'z', path_folded = 'z', name = 'z' WHERE row_id = ?", rowId('a'));
      await folder.close();
      await rename(trashed(), folder.shared('z'));
      await folder.open();
      expect(paths()).toEqual(['stays.txt', 'z', 'z/b', 'z/b/deep.txt', 'z/empty', 'z/file.txt']);
      expect(entries().get('z/b/deep.txt')).toMatchObject({ id: before.get('a/b/deep.txt')?.id, visibility: 'none' });
      expect(folder.store.trashBin.list().total).toBe(0);
    });

    it('while a file is restored, it has one name and one entry', async () => {
      const file = before.get('a/file.txt') as FileEntry;
      await folder.store.trash(file.id);
      sql("UPDATE trash_item SET item_state = 'restoring', to_path = 'a/file.txt'");
      await folder.close();
      const source = folder.shared(join(TRASH_FOLDER, file.id));
      await link(source, folder.shared('a/file.txt'));
      await folder.open();
      expect(entries()).toEqual(before);
      await expect(access(source, constants.F_OK)).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('while it was deleted for good, that goes on', async () => {
      await folder.store.trash(top.id);
      sql("UPDATE trash_item SET item_state = 'purging'");
      await folder.close();
      await unlink(trashed('file.txt'));
      await folder.open();
      expect(folder.store.trashBin.list().total).toBe(0);
      await folder.store.trashBin.purgeAll(); // waits for what goes on
      expect(await readdir(folder.shared(TRASH_FOLDER))).toEqual([]);
      expect(folder.database.prepare('SELECT COUNT(*) AS rows FROM entry').get()).toEqual({ rows: 1 });
    });
  });

  it('finds the trash of a folder that was moved', async () => {
    await folder.store.trash(top.id);
    sqlRoot('/somewhere/else');
    await folder.reopen();
    expect((await folder.store.restore(top.id)).path).toBe('a');
  });

  it('hides the trash of another folder', async () => {
    await folder.store.trash(top.id);
    sqlRoot('/somewhere/else');
    expect(folder.store.trashBin.list()).toEqual({ items: [], nextCursor: null, total: 0 });
    await folder.store.trashBin.purgeAll();
    expect(await readdir(trashed())).toEqual(expect.arrayContaining(['b', 'file.txt']));
    await chmod(trashed(), 0o755);
  });

  function sqlRoot(root: string): void {
    folder.database.prepare('UPDATE trash_item SET root = ?').run(root);
  }
});
