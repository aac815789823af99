import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileIdOf } from '../content';
import { makeContent } from '../testing/content';
import { StoreFolder } from '../testing/store-folder';
import { Database } from './database';
import { FILE_STORE_MIGRATIONS } from './schema';

/** The steps that the first releases had. */
const WITHOUT_FOLDERS = 4;

describe('a database from before folders were entries', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await mkdir(join(folder.base, 'data'));
  });
  afterEach(() => folder.remove());

  /** Writes the rows that such a version had for these files of the share. */
  async function write(files: readonly { path: string; visibility: string }[]): Promise<void> {
    const database = Database.open(join(folder.base, 'data', 'ferry.sqlite'));
    database.migrate('file-store', FILE_STORE_MIGRATIONS.slice(0, WITHOUT_FOLDERS));
    for (const { path, visibility } of files) {
      const { bytes, request } = makeContent(1_000, path);
      await folder.share(path, bytes);
      const { size, mtimeMs, ino } = await stat(folder.shared(path));
      const { lastInsertRowid } = database
        .prepare(
          `INSERT INTO entry (id, scope, path, path_folded, name, size, mtime, inode, added_at, media_type, state, file_id, visibility)
           VALUES (?, 'shared', ?, ?, ?, ?, ?, ?, 1, 'text/plain', 'ready', ?, ?)`,
        )
        .run(
          ...[`id of ${path}`, path, path, basename(path), size, mtimeMs, ino],
          ...[await fileIdOf(request.hashes), visibility],
        );
      database.prepare('INSERT INTO entry_hashes VALUES (?, ?)').run(lastInsertRowid, request.hashes);
    }
    database.close();
  }

  it('keeps its entries and learns of the folders, without hashing a file again', async () => {
    const paths = ['top.txt', 'a/one.txt', 'a/b/ä two.txt'];
    await write(paths.map((path, at) => ({ path, visibility: at === 1 ? 'none' : 'all-paired' })));
    await folder.open();
    const list = (kind: 'file' | 'folder') => folder.store.entries.list({ scope: 'shared', kind }).items;
    expect(list('file')).toMatchObject([
      { id: 'id of a/one.txt', state: 'ready', visibility: 'none' },
      { id: 'id of top.txt', state: 'ready', visibility: 'all-paired' },
      { id: 'id of a/b/ä two.txt', state: 'ready' },
    ]);
    expect(list('folder')).toMatchObject([
      { path: 'a', fileCount: 2, size: 2_000, visibility: 'all-paired' },
      { path: 'a/b', fileCount: 1, size: 1_000 },
    ]);
    expect(folder.store.entries.totals('shared')).toEqual({ files: 3, bytes: 3_000 });
    const news = folder.changes.filter((change) => change.type === 'changed' && change.entry.state === 'hashing');
    expect(news).toEqual([]);
    await folder.eventually(() => (list('file').every(({ sha256 }) => sha256 !== undefined) ? true : undefined));
  });
});
