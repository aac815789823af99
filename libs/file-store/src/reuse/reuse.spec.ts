import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BLOCK_BYTES } from '@ferry/protocol';
import { STAGING_FOLDER } from '../disk/root';
import { contentOf, makeContent, type TestContent, writeBlocks, publish } from '../testing/content';
import { StoreFolder } from '../testing/store-folder';
import type { StagedFile } from '../staging/staged-file';

const OLD = new Date('2021-03-04T05:06:07.000Z');
const NEVER = new AbortController().signal;

describe('block reuse', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.open();
  });
  afterEach(() => folder.remove());

  const openFile = ({ request }: TestContent) => folder.store.staging.open(request);
  const places = () => Number(folder.database.prepare('SELECT count(*) AS n FROM block_place').get()?.['n']);

  /** Takes from this disk what is there. @returns the bytes that were found. */
  async function reuse(file: StagedFile): Promise<number> {
    let bytes = 0;
    await file.reuse((count) => (bytes += count), NEVER);
    return bytes;
  }

  async function receive(content: TestContent): Promise<string> {
    const file = await openFile(content);
    await writeBlocks(file, content, file.missingBlocks());
    return (await publish(file)).path;
  }

  /** A file in the share, hashed. */
  async function share(path: string, bytes: Uint8Array): Promise<void> {
    const made = `${folder.base}/made`;
    await writeFile(made, bytes);
    await utimes(made, OLD, OLD); // whole milliseconds, so that they can be set again
    await mkdir(dirname(folder.shared(path)), { recursive: true });
    await rename(made, folder.shared(path));
    await folder.sharedEntry(path);
  }

  /** Other bytes with the same size, inode and times: nothing but reading tells. */
  async function changeUnseen(path: string, offset: number): Promise<void> {
    const bytes = await readFile(path);
    bytes.write('changed', offset);
    await writeFile(path, bytes, { flag: 'r+' });
    await utimes(path, OLD, OLD);
  }

  it('finds a whole file of the share under another name, and publishes it without a byte from outside', async () => {
    const content = makeContent(3 * BLOCK_BYTES + 7);
    await share('under another name.dat', content.bytes);
    const file = await openFile(content);
    expect(await reuse(file)).toBe(content.bytes.length);
    expect(file.verifiedBytes).toBe(content.bytes.length);
    const { path } = await publish(file);
    expect((await readFile(folder.received(path))).equals(content.bytes)).toBe(true);
    expect((await stat(folder.received(path))).mode & 0o777).toBe(0o644);
  });

  it('finds single blocks, wherever they lay in the other file', async () => {
    const old = makeContent(4 * BLOCK_BYTES);
    await share('old', old.bytes);
    const [first, second] = [old.bytes.subarray(0, BLOCK_BYTES), old.bytes.subarray(3 * BLOCK_BYTES)];
    const content = contentOf(Buffer.concat([second, randomBytes(BLOCK_BYTES), first, Buffer.from('tail')]));
    const file = await openFile(content);
    expect(await reuse(file)).toBe(2 * BLOCK_BYTES);
    expect(file.missingBlocks()).toEqual([1, 3]);
    await writeBlocks(file, content, [1, 3]);
    const { path } = await publish(file);
    expect((await readFile(folder.received(path))).equals(content.bytes)).toBe(true);
  });

  it.each(['received', 'in the trash', 'in a folder in the trash', 'staged'])(
    'finds the blocks of a file that is %s',
    async (where) => {
      const content = makeContent(2 * BLOCK_BYTES + 1);
      const other: TestContent = { ...content, request: { ...content.request, key: 'other/0', path: 'a/b/other' } };
      if (where === 'staged') {
        const staged = await openFile(other);
        await writeBlocks(staged, other, [0, 2]);
        await staged.close();
      } else {
        const path = await receive(other);
        const deleted = where === 'in the trash' ? path : 'a';
        const { items } = folder.store.entries.list({ scope: 'received', q: 'a' });
        const isDeleted = where !== 'received';
        if (isDeleted) await folder.store.trash(items.find((entry) => entry.path === deleted)?.id ?? '');
        expect((await folder.namesIn(folder.received())).includes(path)).toBe(!isDeleted);
      }
      const file = await openFile(content);
      await reuse(file);
      expect(file.missingBlocks()).toEqual(where === 'staged' ? [1] : []);
    },
  );

  it('finds what is indexed in the background, and what was there before there was an index', async () => {
    const content = makeContent(20 * BLOCK_BYTES + 3);
    await share('large', content.bytes);
    folder.database.prepare('DELETE FROM block_place').run();
    folder.database.prepare('UPDATE block_source SET next = 0').run(); // as the migration leaves it
    await folder.reopen();
    const file = await openFile(content);
    expect(await reuse(file)).toBe(content.bytes.length);
    expect(places()).toBe(21);
  });

  it('goes on with the places of a staged file when it is published', async () => {
    const content = makeContent(18 * BLOCK_BYTES);
    const file = await openFile(content);
    await writeBlocks(file, content, [0, 1, 2]);
    await file.close();
    const again = await openFile(content);
    await writeBlocks(again, content, again.missingBlocks());
    await publish(again);
    const twin = await openFile({ ...content, request: { ...content.request, key: 'twin', path: 'twin' } });
    expect(await reuse(twin)).toBe(content.bytes.length);
    expect(places()).toBe(18);
    expect(folder.database.prepare('SELECT count(*) AS n FROM block_source').get()).toEqual({ n: 1 });
  });

  it('asks for equal blocks of a file once, and fills the others from the first', async () => {
    const block = randomBytes(BLOCK_BYTES);
    const content = contentOf(Buffer.concat([block, Buffer.alloc(2 * BLOCK_BYTES), block, Buffer.alloc(BLOCK_BYTES)]));
    const file = await openFile(content);
    expect(await reuse(file)).toBe(0);
    expect(await file.blocksToAskFor()).toEqual([0, 1]);
    await writeBlocks(file, content, [0, 1]);
    expect(await reuse(file)).toBe(3 * BLOCK_BYTES);
    const { path } = await publish(file);
    expect((await readFile(folder.received(path))).equals(content.bytes)).toBe(true);
  });

  describe('never trusts what it finds', () => {
    it('a file that changed with size, inode and times kept', async () => {
      const content = makeContent(3 * BLOCK_BYTES);
      await share('lies', content.bytes);
      await changeUnseen(folder.shared('lies'), BLOCK_BYTES + 9);
      const file = await openFile(content);
      expect(await reuse(file)).toBe(2 * BLOCK_BYTES);
      expect(file.missingBlocks()).toEqual([1]);
      expect(places()).toBe(2); // the wrong one is not found again
    });

    it('takes another file that holds the block when the first turns out wrong', async () => {
      const content = makeContent(2 * BLOCK_BYTES);
      await share('good', content.bytes);
      await share('lies', content.bytes);
      await changeUnseen(folder.shared('lies'), 0);
      expect(await reuse(await openFile(content))).toBe(2 * BLOCK_BYTES);
    });

    it('a file that was deleted meanwhile', async () => {
      const content = makeContent(BLOCK_BYTES);
      await share('gone', content.bytes);
      await unlink(folder.shared('gone'));
      expect(await reuse(await openFile(content))).toBe(0);
    });

    it('a symlink that took the place of the file, or of its folder', async () => {
      const content = makeContent(BLOCK_BYTES);
      await share('folder/swapped', content.bytes);
      await share('other/swapped', content.bytes);
      await rename(folder.shared('folder/swapped'), `${folder.base}/outside`);
      await symlink(`${folder.base}/outside`, folder.shared('folder/swapped'));
      await rename(folder.shared('other'), `${folder.base}/elsewhere`);
      await symlink(`${folder.base}/elsewhere`, folder.shared('other'));
      expect(await reuse(await openFile(content))).toBe(0);
    });

    it('another block whose hash begins alike, or that has another length', async () => {
      const content = makeContent(BLOCK_BYTES + 5);
      const other = makeContent(2 * BLOCK_BYTES, 'other', 'other');
      await share('other', other.bytes);
      const [first, second] = [0, 32].map((at) => content.request.hashes.subarray(at, at + 8));
      folder.database.prepare('UPDATE block_place SET prefix = ? WHERE block = 0').run(first ?? '');
      folder.database.prepare('UPDATE block_place SET prefix = ? WHERE block = 1').run(second ?? '');
      const file = await openFile(content);
      expect(await reuse(file)).toBe(0);
      expect(file.missingBlocks()).toEqual([0, 1]);
      expect(places()).toBe(0);
    });

    it('places of files that are gone', async () => {
      const content = makeContent(2 * BLOCK_BYTES);
      const path = await receive(content);
      folder.database.prepare('DELETE FROM entry').run();
      await unlink(folder.received(path));
      expect(places()).toBe(2);
      const file = await openFile({ ...content, request: { ...content.request, key: 'again' } });
      expect(await reuse(file)).toBe(0);
    });
  });

  it('keeps what was reused when it is called off', async () => {
    const content = makeContent(40 * BLOCK_BYTES);
    await share('large', content.bytes);
    const file = await openFile(content);
    const controller = new AbortController();
    await expect(file.reuse(() => controller.abort(), controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
    const found = file.verifiedBytes;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(content.bytes.length);
    await file.close();
    await folder.reopen();
    const again = await openFile(content);
    expect(again.resumedBytes).toBe(found);
    expect(await reuse(again)).toBe(content.bytes.length - found);
  });

  it('leaves nothing in the staging folder beside the file itself', async () => {
    const content = makeContent(2 * BLOCK_BYTES);
    await share('twin', content.bytes);
    const file = await openFile(content);
    await reuse(file);
    expect(await readdir(folder.received(STAGING_FOLDER))).toHaveLength(1);
    await file.discard();
    expect(await readdir(folder.received(STAGING_FOLDER))).toEqual([]);
  });
});
