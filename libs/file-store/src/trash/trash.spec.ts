import { readFile, readdir, rename, rm, stat } from 'node:fs/promises';
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
    expect(folder.changes.at(-1)).toEqual({
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
    folder.database.prepare('UPDATE entry SET trashed_at = ?').run(old);
    await folder.reopen();
    expect(await trashed()).toEqual([]);
    await expect(folder.store.restore(entry.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await stat(folder.shared())).isDirectory()).toBe(true);
  });
});
