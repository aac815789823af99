import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { TRASH_FOLDER } from '../disk/root';
import { StoreFolder } from '../testing/store-folder';

describe('the trash', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.share('folder/file.txt', 'content');
    await folder.open();
  });
  afterEach(() => folder.remove());

  const trashed = () => readdir(folder.shared(TRASH_FOLDER));

  it('takes a file off disk and list, and gives it back as it was, also after a restart', async () => {
    const entry = await folder.sharedEntry('folder/file.txt');
    await folder.store.trash(entry.id);
    expect(folder.changes).toContainEqual({
      type: 'removed',
      id: entry.id,
      scope: 'shared',
      audience: 'all-paired',
    });
    expect(() => folder.store.entries.get(entry.id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(folder.store.entries.findByFileId(entry.fileId ?? '')).toBeUndefined();
    expect(folder.store.entries.totals('shared')).toEqual({ files: 0, bytes: 0 });
    await folder.reopen();
    expect(await folder.store.restore(entry.id)).toEqual(entry);
    expect(await readFile(folder.shared('folder/file.txt'), 'utf8')).toBe('content');
    expect(await trashed()).toEqual([]);
  });

  it('puts a file beside the one that took its name', async () => {
    const entry = await folder.sharedEntry('folder/file.txt');
    await folder.store.trash(entry.id);
    await folder.share('folder/file.txt', 'new');
    expect((await folder.store.restore(entry.id)).path).toBe('folder/file (2).txt');
    expect(await readFile(folder.shared('folder/file.txt'), 'utf8')).toBe('new');
  });

  it('knows neither unknown files nor those that are not in it', async () => {
    const entry = await folder.sharedEntry('folder/file.txt');
    const notFound = { code: 'NOT_FOUND' };
    await expect(folder.store.restore(entry.id)).rejects.toMatchObject(notFound);
    await expect(folder.store.trash('unknown')).rejects.toMatchObject(notFound);
    await folder.store.trash(entry.id);
    await expect(folder.store.trash(entry.id)).rejects.toMatchObject(notFound);
    await rm(folder.shared(`${TRASH_FOLDER}/${entry.id}`));
    await expect(folder.store.restore(entry.id)).rejects.toMatchObject(notFound);
  });

  it('only takes a file off the list that is gone already', async () => {
    const { id } = await folder.sharedEntry('folder/file.txt');
    await rm(folder.shared('folder'), { recursive: true });
    await folder.store.trash(id).catch((error: unknown) => expect(error).toMatchObject({ code: 'NOT_FOUND' }));
    await folder.eventually(() => (folder.store.entries.totals('shared').files === 0 ? true : undefined));
    expect(await trashed()).toEqual([]);
  });

  it('knows a file whose move a crash interrupted', async () => {
    const entry = await folder.sharedEntry('folder/file.txt');
    await folder.close();
    await rename(folder.shared('folder/file.txt'), folder.shared(`${TRASH_FOLDER}/${entry.id}`));
    await folder.open();
    expect(folder.store.entries.totals('shared').files).toBe(0);
    expect(await folder.store.restore(entry.id)).toEqual(entry);
  });

  it('is emptied of what is older than 30 days', async () => {
    const entry = await folder.sharedEntry('folder/file.txt');
    await folder.store.trash(entry.id);
    const old = Date.now() - 31 * 24 * 60 * 60 * 1000;
    folder.database.prepare('UPDATE trash_item SET deleted_at = ?').run(old);
    await folder.reopen();
    await untilTrash(() => folder.store.trashBin.totals().items === 0);
    expect(await trashed()).toEqual([]);
    await expect(folder.store.restore(entry.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await stat(folder.shared())).isDirectory()).toBe(true);
  });

  it('is emptied while it runs when the time allowed gets shorter, and never when there is none', async () => {
    const entry = await folder.sharedEntry('folder/file.txt');
    await folder.store.trash(entry.id);
    folder.database.prepare('UPDATE trash_item SET deleted_at = deleted_at - 5000').run();
    await folder.store.trashBin.setRetention(0);
    expect(folder.store.trashBin.list().items).toMatchObject([{ id: entry.id }]);
    expect(folder.store.trashBin.list().items[0]).not.toHaveProperty('purgedAt');
    await folder.store.trashBin.setRetention(4000);
    expect(folder.store.trashBin.list()).toEqual({ items: [], nextCursor: null, total: 0 });
    expect(await trashed()).toEqual([]);
  });

  it('lists what was deleted, the newest first, page by page', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await folder.share(`${name}.txt`, name.repeat(10));
    for (const name of ['c', 'a', 'e', 'b', 'd']) {
      await folder.store.trash((await folder.sharedEntry(`${name}.txt`)).id);
    }
    const { trashBin } = folder.store;
    const first = trashBin.list({ limit: 3 });
    expect([first.total, first.items.map(({ name }) => name)]).toEqual([5, ['d.txt', 'b.txt', 'e.txt']]);
    const second = trashBin.list({ limit: 3, cursor: first.nextCursor ?? '' });
    expect([second.nextCursor, second.items.map(({ name }) => name)]).toEqual([null, ['a.txt', 'c.txt']]);
    expect(trashBin.totals()).toEqual({ items: 5, bytes: 50 });
    const [item] = first.items;
    expect(Date.parse(item?.purgedAt ?? '') - Date.parse(item?.trashedAt ?? '')).toBe(30 * 24 * 60 * 60 * 1000);
    expect(() => trashBin.list({ cursor: 'nonsense' })).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' }));
  });

  it('knows what was deleted before there was a table of it', async () => {
    const entry = await folder.sharedEntry('folder/file.txt');
    await folder.store.trash(entry.id);
    for (const undo of ['DROP INDEX entry_trashed_path', 'DROP TABLE trash_item']) folder.database.prepare(undo).run();
    folder.database.prepare("DELETE FROM migration WHERE owner = 'trash'").run();
    await folder.reopen();
    expect(folder.store.trashBin.list().items).toMatchObject([{ id: entry.id, size: 7 }]);
    expect((await folder.store.restore(entry.id)).id).toBe(entry.id);
  });

  it('tells of each change', async () => {
    const { id } = await folder.sharedEntry('folder/file.txt');
    let told = 0;
    const stop = folder.store.trashBin.onChange(() => (told += 1));
    await folder.store.trash(id);
    expect(told).toBe(1);
    await folder.store.restore(id);
    await folder.store.trash(id);
    await folder.store.trashBin.purge(id);
    expect(told).toBe(4);
    stop();
  });

  it('deletes for good what it is asked to, and all of it', async () => {
    await folder.share('other.txt', 'other');
    const first = await folder.sharedEntry('folder/file.txt');
    const second = await folder.sharedEntry('other.txt');
    await folder.store.trash(first.id);
    await folder.store.trash(second.id);
    await folder.store.trashBin.purge(first.id);
    await expect(folder.store.trashBin.purge(first.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await trashed()).toEqual([second.id]);
    await folder.store.trashBin.purgeAll();
    expect(await trashed()).toEqual([]);
    expect(folder.database.prepare("SELECT COUNT(*) AS rows FROM entry WHERE kind = 'file'").get()).toEqual({
      rows: 0,
    });
  });

  it('of files that were received works as well', async () => {
    await folder.close();
    await mkdir(folder.received('from'), { recursive: true });
    await writeFile(folder.received('from/peer.txt'), 'theirs');
    await folder.open();
    const [entry] = folder.store.entries.list({ scope: 'received', kind: 'file' }).items;
    await folder.store.trash(entry?.id ?? '');
    expect(await readdir(folder.received('from'))).toEqual([]);
    expect((await folder.store.restore(entry?.id ?? '')).path).toBe('from/peer.txt');
  });

  /** Resolves after a change of the trash that makes this true. */
  function untilTrash(isReached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isReached()) return;
        stop();
        resolve();
      };
      const stop = folder.store.trashBin.onChange(look);
      look();
    });
  }
});
