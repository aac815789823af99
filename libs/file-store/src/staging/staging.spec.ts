import { link, mkdir, open, readFile, readdir, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { BLOCK_BYTES } from '@ferry/protocol';
import { STAGING_FOLDER } from '../disk/root';
import { type TestContent, MODIFIED_AT, makeContent, writeBlocks, writeBytes, publish } from '../testing/content';
import { StoreFolder } from '../testing/store-folder';
import { BlockMap } from './block-map';

const refusal = (code: string) => expect.objectContaining({ code });

describe('staging', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.open();
  });
  afterEach(() => folder.remove());

  const openFile = ({ request }: TestContent) => folder.store.staging.open(request);
  const parts = () => readdir(folder.received(STAGING_FOLDER));
  const received = () => folder.store.entries.list({ scope: 'received', kind: 'file' }).items;

  /** The one staged file on the disk. */
  async function partPath(): Promise<string> {
    return folder.received(`${STAGING_FOLDER}/${(await parts())[0]}`);
  }

  async function receive(content: TestContent) {
    const file = await openFile(content);
    await writeBlocks(file, content, file.missingBlocks());
    return publish(file);
  }

  it.each([0, 1, BLOCK_BYTES, 2 * BLOCK_BYTES + 1])('publishes a file of %d bytes as received', async (size) => {
    const content = makeContent(size);
    const entry = await receive(content);
    expect(entry).toMatchObject({
      path: 'folder/file.bin',
      scope: 'received',
      state: 'ready',
      size,
      fileId: content.request.fileId,
      visibility: 'none',
      modifiedAt: MODIFIED_AT,
    });
    expect((await readFile(folder.received('folder/file.bin'))).equals(content.bytes)).toBe(true);
    expect((await stat(folder.received('folder/file.bin'))).mode & 0o777).toBe(0o644);
    expect(await parts()).toEqual([]);
    expect(folder.store.entries.blockHashes(entry.id, 0, 100)).toEqual(new Uint8Array(content.request.hashes));
  });

  it('shows nothing under the final name before all blocks are there', async () => {
    const content = makeContent(3 * BLOCK_BYTES);
    const file = await openFile(content);
    await writeBlocks(file, content, [0, 2]);
    await expect(publish(file)).rejects.toEqual(refusal('NOT_READY'));
    expect(await readdir(folder.received())).not.toContain('folder');
    expect(file.verifiedBytes).toBe(2 * BLOCK_BYTES);
    await writeBlocks(file, content, [1]);
    await publish(file);
    expect(received()).toHaveLength(1);
  });

  it('tells how much of a file is staged, before it is opened again', async () => {
    const content = makeContent(3 * BLOCK_BYTES + 5);
    const { key } = content.request;
    expect(folder.store.staging.stagedBytes(key)).toBe(0);
    const file = await openFile(content);
    await writeBlocks(file, content, [0, 3]);
    await file.close();
    expect(folder.store.staging.stagedBytes(key)).toBe(BLOCK_BYTES + 5);
    await receive(content);
    expect(folder.store.staging.stagedBytes(key)).toBe(0);
  });

  it('tells which blocks are safely on the disk: those of before at once, the others when they are, each once', async () => {
    const content = makeContent(4 * BLOCK_BYTES);
    const first = await openFile(content);
    await writeBlocks(first, content, [1]);
    await first.close();
    const file = await openFile(content);
    const told: (readonly number[])[] = [];
    file.onDurable((blocks) => told.push(blocks));
    expect(told).toEqual([[1]]);
    await writeBlocks(file, content, file.missingBlocks());
    await publish(file);
    expect(told.flat().sort()).toEqual([0, 1, 2, 3]);
  });

  it('writes nothing of a block with another hash or length', async () => {
    const content = makeContent(2 * BLOCK_BYTES);
    const file = await openFile(content);
    const wrong = Buffer.alloc(BLOCK_BYTES, 'x');
    await expect(writeBytes(file, 1, wrong)).rejects.toEqual(refusal('HASH_MISMATCH'));
    await expect(writeBytes(file, 1, wrong.subarray(1))).rejects.toEqual(refusal('HASH_MISMATCH'));
    await expect(writeBytes(file, 2, wrong)).rejects.toEqual(refusal('HASH_MISMATCH'));
    await expect(writeBytes(file, -1, wrong)).rejects.toEqual(refusal('HASH_MISMATCH'));
    expect((await readFile(await partPath())).every((byte) => byte === 0)).toBe(true);
    expect(file.missingBlocks()).toEqual([0, 1]);
  });

  it('refuses hashes that do not make up the file id', async () => {
    const { request } = makeContent(2 * BLOCK_BYTES);
    const { staging } = folder.store;
    const mismatch = refusal('HASH_MISMATCH');
    await expect(staging.open({ ...request, hashes: request.hashes.slice(32) })).rejects.toEqual(mismatch);
    await expect(staging.open({ ...request, hashes: request.hashes.toReversed() })).rejects.toEqual(mismatch);
    await expect(staging.open({ ...request, size: request.size + 1 })).rejects.toEqual(mismatch);
    expect(await parts()).toEqual([]);
  });

  it('goes on where it was after a pause and after a restart', async () => {
    const content = makeContent(4 * BLOCK_BYTES + 10);
    const first = await openFile(content);
    await writeBlocks(first, content, [4, 1]);
    await first.close();
    const second = await openFile(content);
    expect(second.missingBlocks()).toEqual([0, 2, 3]);
    expect(second.resumedBytes).toBe(BLOCK_BYTES + 10);
    await writeBlocks(second, content, [0]);
    await folder.reopen(); // closes the file as well
    const third = await openFile(content);
    expect(third.missingBlocks()).toEqual([2, 3]);
    await writeBlocks(third, content, [2, 3]);
    await publish(third);
    expect((await readFile(folder.received('folder/file.bin'))).equals(content.bytes)).toBe(true);
  });

  it('commits blocks by itself soon after they were written', async () => {
    const content = makeContent(2 * BLOCK_BYTES);
    const file = await openFile(content);
    await writeBlocks(file, content, [1]);
    const committed = () => {
      const row = folder.database.prepare('SELECT blocks FROM staging').get();
      return BlockMap.from(row?.['blocks'] as Uint8Array, 2).present();
    };
    expect(committed()).toEqual([]);
    await new Promise<void>((resolve) => {
      const look = () => (committed().length > 0 ? resolve() : setImmediate(look));
      look();
    });
    expect(committed()).toEqual([1]);
  });

  it.each(['a restart', 'a pause'])('drops a staged block that was damaged during %s', async (pause) => {
    const content = makeContent(3 * BLOCK_BYTES);
    const file = await openFile(content);
    await writeBlocks(file, content, [0, 1, 2]);
    if (pause === 'a restart') await folder.close();
    else await file.close();
    const part = await open(await partPath(), 'r+');
    await part.write(Buffer.from('damage'), 0, 6, BLOCK_BYTES + 5);
    await part.close();
    if (pause === 'a restart') await folder.open();
    expect((await openFile(content)).missingBlocks()).toEqual([1]);
  });

  it('starts again when the staged file is gone, or the content is another one now', async () => {
    const content = makeContent(2 * BLOCK_BYTES);
    const file = await openFile(content);
    await writeBlocks(file, content, [0]);
    await file.close();
    await unlink(await partPath());
    const again = await openFile(content);
    expect(again.missingBlocks()).toEqual([0, 1]);
    await again.close();
    const other = makeContent(BLOCK_BYTES);
    expect((await openFile(other)).missingBlocks()).toEqual([0]);
    expect(await parts()).toHaveLength(1);
  });

  it('never publishes over another file, nor through a symlink', async () => {
    await mkdir(folder.received('folder'));
    await writeFile(folder.received('folder/file.bin'), 'mine');
    await symlink('/tmp/nowhere', folder.received('folder/file (2).bin'));
    const entry = await receive(makeContent(10));
    expect(entry.path).toBe('folder/file (3).bin');
    expect(await readFile(folder.received('folder/file.bin'), 'utf8')).toBe('mine');
  });

  it('publishes several files of one name at once under different names', async () => {
    const contents = [1, 2, 3, 4].map((number) => makeContent(number, 'same.txt', `transfer/${number}`));
    const entries = await Promise.all(contents.map(receive));
    expect(new Set(entries.map(({ path }) => path)).size).toBe(4);
    for (const [at, { path }] of entries.entries()) {
      expect((await readFile(folder.received(path))).equals((contents[at] as TestContent).bytes)).toBe(true);
    }
  });

  it.each(['file', 'symlink'])('fails cleanly when a %s stands where a folder is needed', async (kind) => {
    if (kind === 'file') await writeFile(folder.received('folder'), 'in the way');
    else await symlink('/tmp', folder.received('folder'));
    const content = makeContent(10);
    const file = await openFile(content);
    await writeBlocks(file, content, [0]);
    await expect(publish(file)).rejects.toEqual(refusal('UNSAFE_NAME'));
    await unlink(folder.received('folder'));
    expect((await publish(file)).path).toBe('folder/file.bin');
  });

  it('leaves nothing of a discarded file, open or closed', async () => {
    const content = makeContent(BLOCK_BYTES);
    const file = await openFile(content);
    const write = writeBlocks(file, content, [0]);
    await file.discard();
    await write;
    expect(await parts()).toEqual([]);
    await (await openFile(content)).close();
    await folder.store.staging.discard(content.request.key);
    await folder.store.staging.discard('unknown');
    expect(await parts()).toEqual([]);
    expect((await openFile(content)).missingBlocks()).toEqual([0]);
  });

  it('gives one key to one receiver at a time', async () => {
    const content = makeContent(10);
    const file = await openFile(content);
    await expect(openFile(content)).rejects.toEqual(refusal('IO'));
    await file.close();
    await expect(writeBlocks(file, content, [0])).rejects.toEqual(refusal('IO'));
    await openFile(content);
  });

  it('still knows after a restart what was published', async () => {
    const content = makeContent(10);
    const entry = await receive(content);
    await folder.reopen();
    expect(await folder.store.staging.findPublished(content.request.key)).toEqual(entry);
    await folder.store.trash(entry.id);
    expect(await folder.store.staging.findPublished(content.request.key)).toBeUndefined();
  });

  describe('after a crash while publishing', () => {
    /** Brings disk and database to where a crash between the commit of `publishing` and that of the entry leaves them. */
    async function crash(content: TestContent, isLinked: boolean): Promise<void> {
      const file = await openFile(content);
      await writeBlocks(file, content, file.missingBlocks());
      await folder.store.staging.close();
      folder.database.prepare(`UPDATE staging SET state = 'publishing', final_path = 'folder/file (2).bin'`).run();
      await mkdir(folder.received('folder'));
      if (isLinked) await link(await partPath(), folder.received('folder/file (2).bin'));
      await folder.close();
    }

    it('a linked file counts as published', async () => {
      const content = makeContent(BLOCK_BYTES + 1);
      await crash(content, true);
      await folder.open();
      const entry = await folder.store.staging.findPublished(content.request.key);
      expect(entry).toMatchObject({ path: 'folder/file (2).bin', state: 'ready', fileId: content.request.fileId });
      expect(received()).toEqual([entry]);
      expect(await parts()).toEqual([]);
    });

    it('a file that was not linked is published by the next try, without a block again', async () => {
      const content = makeContent(BLOCK_BYTES + 1);
      await crash(content, false);
      await writeFile(folder.received('folder/file (2).bin'), 'another file of that name');
      await folder.open();
      expect(await folder.store.staging.findPublished(content.request.key)).toBeUndefined();
      const file = await openFile(content);
      expect(file.missingBlocks()).toEqual([]);
      expect((await publish(file)).path).toBe('folder/file.bin');
    });

    it('a failing disk after the link leaves it published, which the next look finishes', async () => {
      const content = makeContent(BLOCK_BYTES + 1);
      const file = await openFile(content);
      await writeBlocks(file, content, file.missingBlocks());
      const failing = `CREATE TRIGGER failing BEFORE UPDATE ON staging WHEN NEW.state = 'published'
        BEGIN SELECT RAISE(ABORT, 'no space'); END`;
      folder.database.prepare(failing).run();
      await expect(publish(file)).rejects.toEqual(refusal('IO'));
      await file.close();
      folder.database.prepare('DROP TRIGGER failing').run();

      const entry = await folder.store.staging.findPublished(content.request.key);

      expect(entry).toMatchObject({ path: content.request.path, state: 'ready', fileId: content.request.fileId });
      expect(received()).toEqual([entry]);
      expect(await parts()).toEqual([]);
    });

    it('a staged name that was not removed is removed', async () => {
      const content = makeContent(10);
      const file = await openFile(content);
      const part = await partPath();
      await writeBlocks(file, content, [0]);
      const { path } = await publish(file);
      await link(folder.received(path), part);
      await folder.reopen();
      expect(await parts()).toEqual([]);
      expect(received()).toMatchObject([{ path, state: 'ready' }]);
    });
  });

  it('removes staged files that nobody knows after a week', async () => {
    const old = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
    await writeFile(folder.received(`${STAGING_FOLDER}/old.part`), 'x');
    await writeFile(folder.received(`${STAGING_FOLDER}/new.part`), 'x');
    await utimes(folder.received(`${STAGING_FOLDER}/old.part`), old, old);
    await folder.reopen();
    expect(await parts()).toEqual(['new.part']);
  });

  it('gives up what was staged for nobody, a week after it was touched last', async () => {
    const wanted = ['known', 'lost', 'fresh'].map((key) => makeContent(BLOCK_BYTES, 'a.bin', `${key}/0`));
    for (const content of wanted) await (await openFile(content)).close();
    const old = Date.now() - 8 * 24 * 60 * 60 * 1000;
    folder.database.prepare(`UPDATE staging SET touched_at = ? WHERE key <> 'fresh/0'`).run(old);
    await folder.store.staging.forgetUnwanted((key) => key === 'known/0');
    const rows = folder.database.prepare('SELECT key FROM staging ORDER BY key').all();
    expect(rows.map(({ key }) => key)).toEqual(['fresh/0', 'known/0']);
    expect(await parts()).toHaveLength(2);
  });

  it('takes received files off the list that were deleted by hand, and does not hash the others again', async () => {
    const kept = await receive(makeContent(10, 'kept.bin', 'a'));
    const lost = await receive(makeContent(20, 'lost.bin', 'b'));
    await folder.close();
    await unlink(folder.received(lost.path));
    folder.changes.length = 0;
    await folder.open();
    expect(received()).toMatchObject([kept]);
    expect(folder.changes.filter((change) => change.type === 'changed' && change.entry.state === 'hashing')).toEqual(
      [],
    );
  });
});
