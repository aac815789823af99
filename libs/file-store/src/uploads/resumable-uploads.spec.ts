import { createHash, randomBytes } from 'node:crypto';
import { appendFile, readFile, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { MAX_UNFINISHED_UPLOADS, UPLOAD_RETENTION_MS } from '../limits';
import { OURS, UPLOAD_LIMITS, resumableIn } from '../testing/resumable';
import { StoreFolder } from '../testing/store-folder';

describe('resumable uploads', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.open(UPLOAD_LIMITS);
  });
  afterEach(() => folder.remove());

  const { begin, append, finish, names, textOf } = resumableIn(() => folder);
  const offsetOf = async (id: string) => (await folder.store.resumable.find(id)).offset;
  const staged = () => readdir(folder.shared('.ferry-staging'));
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('grow piece by piece and are listed when they are whole', async () => {
    const id = await begin({ path: 'one/two/digits.txt' });
    expect(await append(id, 0, '01234')).toBe(5);
    expect(await folder.store.resumable.find(id)).toMatchObject({ id, size: 10, offset: 5 });
    expect(await names()).toEqual([OURS[0], `.ferry-staging/resumable-${id}.part`, OURS[1]]);
    expect(await append(id, 5, '56789')).toBe(10);
    const { entryId, path } = await finish(id);
    expect(folder.store.entries.get(entryId)).toMatchObject({ path, size: 10, scope: 'shared' });
    expect(await textOf('one/two/digits.txt')).toBe('0123456789');
    expect(await staged()).toEqual([]);
  });

  it('are published once, however often that is asked for', async () => {
    const id = await begin();
    await append(id, 0, '0123456789');
    const all = await Promise.all([finish(id), finish(id), folder.store.resumable.find(id), finish(id)]);
    const later = await finish(id);
    expect([all[1], all[2].finished, all[3], later]).toEqual([all[0], all[0], all[0], all[0]]);
    expect(await names()).toEqual([...OURS, 'digits.txt']);
    expect(folder.changes.filter(({ type }) => type === 'added')).toHaveLength(1);
  });

  it('of no bytes are whole at once', async () => {
    const id = await begin({ size: 0, path: 'empty.txt' });
    expect(folder.store.entries.get((await finish(id)).entryId).size).toBe(0);
  });

  it('never overwrite', async () => {
    await folder.share('digits.txt', 'mine');
    const id = await begin();
    await append(id, 0, '0123456789');
    expect((await finish(id)).path).toBe('digits (2).txt');
    expect(await textOf('digits.txt')).toBe('mine');
  });

  it('of unknown size end where that is said', async () => {
    const id = await begin({ size: undefined });
    await append(id, 0, '01234');
    await expect(finish(id)).rejects.toMatchObject({ code: 'NOT_READY' });
    await folder.store.resumable.setSize(id, 8);
    await append(id, 5, '567');
    await finish(id);
    expect(await textOf('digits.txt')).toBe('01234567');
  });

  it('go on after a restart, at what was synced', async () => {
    const id = await begin();
    await append(id, 0, '01234');
    await folder.reopen();
    expect(await folder.store.resumable.find(id)).toMatchObject({ size: 10, offset: 5 });
    await append(id, 5, '56789');
    await finish(id);
    expect(await textOf('digits.txt')).toBe('0123456789');
  });

  it('do not count bytes that a crash left beyond what was synced', async () => {
    const id = await begin();
    await append(id, 0, '01234');
    await appendFile(folder.shared(`.ferry-staging/resumable-${id}.part`), 'garbage of a crash');
    expect(await offsetOf(id)).toBe(5);
    await append(id, 5, '56789');
    await finish(id);
    expect(await textOf('digits.txt')).toBe('0123456789');
  });

  it('never claim more than the disk has', async () => {
    const id = await begin();
    await append(id, 0, '0123456');
    await truncate(folder.shared(`.ferry-staging/resumable-${id}.part`), 3);
    expect(await offsetOf(id)).toBe(3);
    await rm(folder.shared(`.ferry-staging/resumable-${id}.part`));
    await expect(offsetOf(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keep what came before the client broke off', async () => {
    const id = await begin();
    const source = new PassThrough();
    const broken = folder.store.resumable.append(id, 0, source);
    source.write('0123');
    const part = folder.shared(`.ferry-staging/resumable-${id}.part`);
    while ((await stat(part)).size < 4) await new Promise(setImmediate);
    source.destroy(new Error('connection lost'));
    await expect(broken).rejects.toThrow('connection lost');
    expect(await offsetOf(id)).toBe(4);
    await append(id, 4, '456789');
    await finish(id);
    expect(await textOf('digits.txt')).toBe('0123456789');
  });

  it('take pieces only where they are, and one at a time', async () => {
    const id = await begin();
    const source = new PassThrough();
    const first = folder.store.resumable.append(id, 0, source);
    await new Promise(setImmediate);
    await expect(append(id, 0, 'x')).rejects.toMatchObject({ code: 'CHANGED' });
    source.end('0123');
    expect(await first).toBe(4);
    for (const offset of [0, 3, 5, 10]) {
      await expect(append(id, offset, 'x')).rejects.toMatchObject({ code: 'CHANGED' });
    }
  });

  it('take no more than was announced or is allowed', async () => {
    const id = await begin();
    await expect(append(id, 0, '0123456789x')).rejects.toMatchObject({ code: 'TOO_LARGE' });
    const open = await begin({ size: undefined });
    await expect(append(open, 0, Buffer.alloc(1_000_001))).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(folder.store.resumable.setSize(open, 1_000_001)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('count a piece with a checksum whole or not at all', async () => {
    const id = await begin();
    await append(id, 0, '01');
    const digest = createHash('sha1').update('234').digest();
    const sum = { algorithm: 'sha1', digest };
    const wrong = folder.store.resumable.append(id, 2, Readable.from([Buffer.from('235')]), sum);
    await expect(wrong).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    expect(await offsetOf(id)).toBe(2);
    expect(await folder.store.resumable.append(id, 2, Readable.from([Buffer.from('234')]), sum)).toBe(5);
  });

  it('are checked against the digest of the whole file before they are published', async () => {
    const good = await begin({ sha256: sha256('0123456789') });
    await append(good, 0, '0123456789');
    expect((await finish(good)).path).toBe('digits.txt');
    const bad = await begin({ sha256: sha256('0123456789') });
    await append(bad, 0, '012345678x');
    await expect(finish(bad)).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    await expect(offsetOf(bad)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await names()).toEqual([...OURS, 'digits.txt']);
  });

  it.each([
    ['../up.txt', 1, 'UNSAFE_NAME'],
    ['a\u0001b.txt', 1, 'UNSAFE_NAME'],
    ['program.exe', 1, 'EXTENSION_NOT_ALLOWED'],
    ['large.txt', 1_000_001, 'TOO_LARGE'],
  ])('of %j with %d bytes are refused with %s before they exist', async (path, size, code) => {
    await expect(begin({ path, size })).rejects.toMatchObject({ code });
    expect(await staged()).toEqual([]);
  });

  it('larger than the disk are refused', async () => {
    folder.store.setLimits({ ...UPLOAD_LIMITS, maxFileSize: 0 });
    await expect(begin({ size: 2 ** 50 })).rejects.toMatchObject({ code: 'NO_SPACE' });
  });

  it('beyond a thousand unfinished ones are refused', async () => {
    const columns = 'id, root, path, on_conflict, metadata, synced_bytes, state, is_skipped, touched_at';
    const insert = folder.database.prepare(
      `INSERT INTO upload (${columns}) VALUES (?, 'elsewhere', 'a.txt', 'skip', '', 0, ?, 0, ?)`,
    );
    folder.database.transaction(() => {
      for (let n = 1; n < MAX_UNFINISHED_UPLOADS; n++) insert.run(`${n}`, 'writing', Date.now());
      for (let n = 1; n < 100; n++) insert.run(`done ${n}`, 'published', Date.now());
    });
    const id = await begin();
    await expect(begin()).rejects.toMatchObject({ code: 'TOO_MANY' });
    expect(await staged()).toEqual([`resumable-${id}.part`]);
    await folder.store.resumable.remove(id);
    await begin();
  });

  it('can be beyond 4 GiB', async () => {
    folder.store.setLimits({ ...UPLOAD_LIMITS, maxFileSize: 0 });
    const size = 5 * 2 ** 30;
    const id = await begin({ size, path: 'large.bin' });
    const part = folder.shared(`.ferry-staging/resumable-${id}.part`);
    await truncate(part, size - 3); // a hole stands for what was sent before
    folder.database.prepare('UPDATE upload SET synced_bytes = ? WHERE id = ?').run(size - 3, id);
    expect(await append(id, size - 3, 'end')).toBe(size);
    expect((await stat(folder.shared((await finish(id)).path))).size).toBe(size);
  });

  it('can be called off', async () => {
    const id = await begin();
    await append(id, 0, '0123');
    await folder.store.resumable.remove(id);
    expect(await staged()).toEqual([]);
    await expect(offsetOf(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(folder.store.resumable.remove(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are deleted when nothing came for seven days', async () => {
    const id = await begin();
    await folder.store.resumable.removeExpired(Date.now() + UPLOAD_RETENTION_MS - 60_000);
    expect(await offsetOf(id)).toBe(0);
    await folder.store.resumable.removeExpired(Date.now() + UPLOAD_RETENTION_MS + 60_000);
    await expect(offsetOf(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await staged()).toEqual([]);
  });

  it('whose share is away at a start wait until it is back', async () => {
    const id = await begin();
    await append(id, 0, '0123');
    await folder.close();
    const [here, there] = [folder.shared(), join(folder.base, 'elsewhere')];
    await rename(here, there);
    await folder.open(UPLOAD_LIMITS);
    await folder.close();
    await rm(here, { recursive: true });
    await rename(there, here);
    await folder.open(UPLOAD_LIMITS);
    expect(await offsetOf(id)).toBe(4);
  });

  it('take a thousand pieces of one stream', async () => {
    const id = await begin({ size: 1_000_000, path: 'large.bin' });
    const bytes = randomBytes(1_000_000);
    const pieces = Array.from({ length: 1_000 }, (_, at) => bytes.subarray(at * 1_000, (at + 1) * 1_000));
    expect(await folder.store.resumable.append(id, 0, Readable.from(pieces))).toBe(1_000_000);
    await finish(id);
    expect((await readFile(folder.shared('large.bin'))).equals(bytes)).toBe(true);
  });
});
