import { randomBytes } from 'node:crypto';
import { rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { chunkMemory, type EntryReader } from './entry-reader';
import { StoreFolder } from '../testing/store-folder';

const BYTES = randomBytes(700_000);

describe('reading a file of the list', () => {
  let folder: StoreFolder;
  let id: string;
  let reader: EntryReader | undefined;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.share('folder/file.bin', BYTES);
    await folder.open();
    ({ id } = await folder.sharedEntry('folder/file.bin'));
    reader = undefined;
  });
  afterEach(async () => {
    await reader?.close();
    await folder.remove();
  });

  const openReader = async () => (reader = await folder.store.openForRead(id));
  const changed = { code: 'CHANGED' };

  it('fills any array from any position', async () => {
    const { read, size } = { read: (into: Uint8Array, at: number) => reader?.read(into, at), size: BYTES.length };
    expect((await openReader()).size).toBe(size);
    const into = new Uint8Array(1_000);
    await read(into, 699_000);
    expect(BYTES.subarray(699_000).equals(into)).toBe(true);
    const shared = new Uint8Array(new SharedArrayBuffer(10));
    await read(shared, 5);
    expect([...shared]).toEqual([...BYTES.subarray(5, 15)]);
    await expect(read(into, 699_001)).rejects.toMatchObject(changed);
  });

  it('gives a range in chunks, both ends included, or everything', async () => {
    const opened = await openReader();
    expect((await buffer(opened.chunks({ start: 3, end: 3 }))).equals(BYTES.subarray(3, 4))).toBe(true);
    expect((await buffer(opened.chunks({ start: 600_000 }))).equals(BYTES.subarray(600_000))).toBe(true);
    expect((await buffer(opened.chunks())).equals(BYTES)).toBe(true);
    expect(await buffer(opened.chunks({ start: 0, end: -1 }))).toHaveLength(0);
  });

  it('reads into the same memory again and again', async () => {
    const opened = await openReader();
    const memory = chunkMemory(opened.size);
    const parts: Buffer[] = [];
    for await (const chunk of opened.chunks({ start: 1 }, memory)) {
      expect(memory.map((each) => each.buffer)).toContain(chunk.buffer);
      parts.push(Buffer.from(chunk));
    }
    expect(Buffer.concat(parts).equals(BYTES.subarray(1))).toBe(true);
    expect(await buffer(opened.chunks({ start: 10, end: 19 }, chunkMemory(10)))).toHaveLength(10);
  });

  it('tells when the open file is changed or cut short', async () => {
    const opened = await openReader();
    await opened.assertUnchanged();
    await truncate(folder.shared('folder/file.bin'), 10);
    await expect(opened.assertUnchanged()).rejects.toMatchObject(changed);
    await expect(buffer(opened.chunks())).rejects.toMatchObject(changed);
  });

  it('never ends with the bytes of two files', async () => {
    const chunks = (await openReader()).chunks();
    await chunks.next();
    await writeFile(folder.shared('folder/file.bin'), randomBytes(1_000), { flag: 'r+' });
    const rest = async () => {
      while (!(await chunks.next()).done);
    };
    await expect(rest()).rejects.toMatchObject(changed);
  });

  it('still reads a file that was deleted while open', async () => {
    const opened = await openReader();
    await rm(folder.shared('folder'), { recursive: true });
    expect((await buffer(opened.chunks())).equals(BYTES)).toBe(true);
  });

  it('does not follow a folder that became a symlink', async () => {
    await rename(folder.shared('folder'), folder.shared('../moved'));
    await symlink('../moved', folder.shared('folder'));
    await expect(openReader()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('notices a change before the watch did, and lists what is there now', async () => {
    await writeFile(folder.shared('folder/file.bin'), 'new');
    await utimes(folder.shared('folder/file.bin'), 1, 1);
    const first = await folder.store.openForRead(id).then(
      (opened) => (reader = opened),
      (error: unknown) => error,
    );
    expect(first).toMatchObject(first === reader ? { size: 3 } : changed);
    await folder.sharedEntry('folder/file.bin', ({ size, state }) => size === 3 && state === 'ready');
    await reader?.close();
    expect((await openReader()).size).toBe(3);
  });

  it('knows no unknown entry', () =>
    expect(folder.store.openForRead('unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' }));
});
