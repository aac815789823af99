import { readFile, readdir, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ConflictRule, FileEntry } from '@ferry/protocol';
import { STAGING_FOLDER } from '../disk/root';
import { EntryKeys } from '../entries/entry-keys';
import type { PublishedFile } from '../staging/publisher';
import { MODIFIED_AT, contentOf, madeFile, writeBlocks } from '../testing/content';
import { StoreFolder } from '../testing/store-folder';

const SMALL_I = 'i\u0307.txt';
const DOTTED_I = '\u0130.txt';

describe('publishing', () => {
  let folder: StoreFolder;
  let keys = 0;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.open();
  });
  afterEach(() => folder.remove());

  const read = (path: string) => readFile(folder.received(path), 'utf8');
  const trashed = () => folder.store.trashBin.list().items.map(({ path }) => path);
  const staged = () => readdir(folder.received(STAGING_FOLDER));
  const names = async (below = '') =>
    (await readdir(folder.received(below))).filter((name) => !name.startsWith('.')).sort();

  async function receive(path: string, text = path, onConflict?: ConflictRule): Promise<PublishedFile> {
    const content = contentOf(Buffer.from(text), path, `transfer/${keys++}`);
    const file = await folder.store.staging.open({ ...content.request, ...(onConflict && { onConflict }) });
    await writeBlocks(file, content, file.missingBlocks());
    return file.publish();
  }

  async function receiveFile(path: string, text?: string, onConflict?: ConflictRule): Promise<FileEntry> {
    return madeFile(await receive(path, text, onConflict));
  }

  describe('a name is taken', () => {
    it.each([
      [DOTTED_I, SMALL_I, 'i\u0307 (2).txt'],
      ['Straße.txt', 'STRASSE.txt', 'STRASSE (2).txt'],
      ['ﬁle.txt', 'File.txt', 'File (2).txt'],
    ])('by %s for %s, which would be the same file elsewhere', async (first, second, expected) => {
      await receive(first);
      expect((await receiveFile(second)).path).toBe(expected);
      expect(await read(first)).toBe(first);
      await folder.reopen();
      expect((await receiveFile(second)).path).toBe(expected.replace('2', '3'));
    });

    it('by one of two that come at once', async () => {
      const entries = await Promise.all([DOTTED_I, SMALL_I].map((path) => receiveFile(path)));
      expect(entries.filter(({ path }) => path.includes('(2)'))).toHaveLength(1);
      expect(await names()).toHaveLength(2);
    });

    it('by a file made by hand, as soon as it is listed; and never written over before', async () => {
      await writeFile(folder.received('a.txt'), 'mine');
      expect((await receiveFile('a.txt')).path).toBe('a (2).txt');
      expect(await read('a.txt')).toBe('mine');
    });

    it('no more by a file that is gone from the disk, although it is listed still', async () => {
      await receive('A.txt');
      await rm(folder.received('A.txt'));
      expect((await receiveFile('a.txt')).path).toBe('a.txt');
    });

    it('by a folder', async () => {
      await receive('Photos/1.txt');
      expect((await receiveFile('photos')).path).toBe('photos (2)');
    });

    it('in the share, too', async () => {
      await folder.share(DOTTED_I, 'mine');
      await folder.reopen();
      const uploaded = await folder.store.addUpload(Readable.from([Buffer.from('x')]), { name: SMALL_I });
      expect(uploaded).toMatchObject({ path: 'i\u0307 (2).txt' });
    });

    it('by many of it: each of 60 at once gets a number of its own', async () => {
      const entries = await Promise.all(Array.from({ length: 60 }, (_, at) => receiveFile('a.txt', String(at))));
      expect(new Set(entries.map(({ path }) => path.toLowerCase())).size).toBe(60);
      expect(await names()).toHaveLength(60);
    });
  });

  describe('a folder', () => {
    it('is spelled as it is spelled already', async () => {
      await receive('Fotos/Été/1.txt');
      expect((await receiveFile('FOTOS/e\u0301te\u0301/2.txt'.normalize('NFC'))).path).toBe('Fotos/Été/2.txt');
      expect(await names('Fotos/Été')).toEqual(['1.txt', '2.txt']);
      expect(await names()).toEqual(['Fotos']);
    });

    it('is one also when two come at once that spell it differently', async () => {
      const entries = await Promise.all(['New/a', 'NEW/b', 'new/c'].map((path) => receiveFile(`${path}.txt`)));
      const [top] = await names();
      expect(await names()).toHaveLength(1);
      expect(entries.map(({ path }) => path)).toEqual([`${top}/a.txt`, `${top}/b.txt`, `${top}/c.txt`]);
    });

    it('cannot be where a file is', async () => {
      await receive('Notes');
      await expect(receive('notes/a.txt')).rejects.toMatchObject({ code: 'UNSAFE_NAME' });
      expect(await names()).toEqual(['Notes']);
    });
  });

  describe('by the rule replace', () => {
    it('the old file lies in the trash and can come back', async () => {
      const old = await receiveFile('Folder/a.txt', 'old');
      expect((await receiveFile('folder/A.TXT', 'new', 'replace')).path).toBe('Folder/A.TXT');
      expect(await names('Folder')).toEqual(['A.TXT']);
      expect(await read('Folder/A.TXT')).toBe('new');
      expect(trashed()).toEqual(['Folder/a.txt']);
      const restored = await folder.store.restore(old.id);
      expect(await read(restored.path)).toBe('old');
      expect(restored.path).toBe('Folder/a (2).txt');
    });

    it('so does a file that no scan has seen', async () => {
      await writeFile(folder.received('a.txt'), 'by hand');
      expect((await receiveFile('a.txt', 'new', 'replace')).path).toBe('a.txt');
      expect(trashed()).toEqual(['a.txt']);
    });

    it('a folder stays, and both are kept', async () => {
      await receive('a.txt/inside');
      expect((await receiveFile('a.txt', 'new', 'replace')).path).toBe('a (2).txt');
      expect(trashed()).toEqual([]);
    });

    it('nothing of several that come at once is lost', async () => {
      const texts = ['1', '2', '3', '4'];
      await Promise.all(texts.map((text) => receiveFile('a.txt', text, 'replace')));
      expect(await names()).toEqual(['a.txt']);
      expect(trashed()).toEqual(['a.txt', 'a.txt', 'a.txt']);
    });
  });

  describe('by the rule skip', () => {
    it('nothing changes, nothing stays staged, and it is told for what', async () => {
      const old = await receiveFile('a.txt', 'old');
      expect(await receive('A.txt', 'new', 'skip')).toEqual({ skipped: old });
      expect(await names()).toEqual(['a.txt']);
      expect(await read('a.txt')).toBe('old');
      expect(await staged()).toEqual([]);
    });

    it('of several that come at once one stays', async () => {
      const results = await Promise.all(['1', '2', '3'].map((text) => receive('a.txt', text, 'skip')));
      expect(results.filter((result) => 'skipped' in result)).toHaveLength(2);
      expect(await names()).toEqual(['a.txt']);
    });
  });

  describe('after a crash between the commit of the name and the link', () => {
    /** Leaves disk and database as a process does that ends there. */
    async function crash(path: string, text: string, onConflict: ConflictRule): Promise<string> {
      const content = contentOf(Buffer.from(text), path, `transfer/${keys++}`);
      const { key } = content.request;
      const file = await folder.store.staging.open({ ...content.request, onConflict });
      await writeBlocks(file, content, file.missingBlocks());
      await file.close();
      const [part = ''] = await staged();
      const modified = new Date(MODIFIED_AT);
      await utimes(folder.received(`${STAGING_FOLDER}/${part}`), modified, modified);
      folder.database.prepare(`UPDATE staging SET state = 'publishing', final_path = ? WHERE key = ?`).run(path, key);
      return key;
    }

    it.each([true, false])(
      'the old file is replaced by the start, were it in the trash already or not: %s',
      async (isTrashed) => {
        const old = await receiveFile('a.txt', 'old');
        const key = await crash('a.txt', 'new', 'replace');
        if (isTrashed) await folder.store.trash(old.id);
        await folder.reopen();
        expect(await read('a.txt')).toBe('new');
        expect(trashed()).toEqual(['a.txt']);
        expect(await folder.store.staging.findPublished(key)).toMatchObject({ path: 'a.txt', state: 'ready' });
        expect(await staged()).toEqual([]);
      },
    );

    it('the file gets another name if its own was taken meanwhile', async () => {
      const key = await crash('a.txt', 'new', 'keep-both');
      await writeFile(folder.received('a.txt'), 'by hand');
      await folder.reopen();
      expect(await folder.store.staging.findPublished(key)).toMatchObject({ path: 'a (2).txt' });
      expect(await read('a.txt')).toBe('by hand');
    });

    it('the file stays staged if the folder it needs cannot be made, and is published by the next try', async () => {
      const key = await crash('sub/a.txt', 'new', 'keep-both');
      await writeFile(folder.received('sub'), 'in the way');
      await folder.reopen();
      expect(await folder.store.staging.findPublished(key)).toBeUndefined();
      expect(folder.store.staging.stagedBytes(key)).toBe(3);
    });
  });

  describe('after a crash between the move of the old file and the link', () => {
    it.each([true, false])('an upload has replaced it (in the trash already: %s)', async (isTrashed) => {
      const upload = (text: string) => folder.store.addUpload(Readable.from([Buffer.from(text)]), { name: 'a.txt' });
      const old = madeFile(await upload('old'));
      const part = folder.shared(`${STAGING_FOLDER}/upload-crashed.part`);
      await writeFile(part, 'new');
      const { size, mtimeMs, ino } = await stat(part);
      folder.database
        .prepare('INSERT INTO replacement (part, root, path, size, mtime, inode) VALUES (?, ?, ?, ?, ?, ?)')
        .run('upload-crashed.part', await realpath(folder.shared()), 'a.txt', size, mtimeMs, ino);
      if (isTrashed) await folder.store.trash(old.id);
      await folder.reopen();
      expect(await readFile(folder.shared('a.txt'), 'utf8')).toBe('new');
      expect(trashed()).toEqual(['a.txt']);
      expect(await readdir(folder.shared(STAGING_FOLDER))).toEqual([]);
      expect(folder.database.prepare('SELECT * FROM replacement').all()).toEqual([]);
    });
  });

  describe('in a folder of 100,000 files', () => {
    it('finds a name that is taken without reading the others', async () => {
      const insert = `INSERT INTO entry (id, scope, path, path_folded, name, size, mtime, inode, added_at, media_type, state, visibility, folder, name_key)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        SELECT 'id' || i, 'received', 'many/' || i, 'many/' || i, i, 1, 1, -i, 1, '', 'ready', 'none', 'many', i FROM n`;
      folder.database.transaction(() => folder.database.prepare(insert).run());
      const keysOf = new EntryKeys(folder.database);
      const from = performance.now();
      for (let name = 1; name <= 1_000; name++)
        expect(keysOf.find('received', 'many', String(name * 97))).toHaveLength(1);
      expect(performance.now() - from).toBeLessThan(1_000); // 1 ms each; a scan takes 20
    });
  });

  it('knows the names of entries that were listed before names had keys', async () => {
    await receive('İ.txt');
    folder.database.prepare('UPDATE entry SET name_key = NULL').run();
    await folder.reopen();
    expect((await receiveFile('i\u0307.txt')).path).toBe('i\u0307 (2).txt');
  });
});
