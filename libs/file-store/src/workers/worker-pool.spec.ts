import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BLOCK_BYTES } from '@ferry/protocol';
import { identityOf } from '../disk/file-identity';
import { type HashJob, JobControl, type WriteJob } from './block-jobs';
import { WorkerPool } from './worker-pool';

const leafHash = (bytes: Uint8Array) => createHash('sha256').update(Uint8Array.of(0)).update(bytes).digest();

describe('WorkerPool', () => {
  let folder: string;
  let file: string;
  let handle: FileHandle;
  let pool: WorkerPool;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-workers-'));
    file = join(folder, 'file');
    await writeFile(file, 'before');
    handle = await open(file, 'r+');
    pool = new WorkerPool(2);
  });
  afterEach(async () => {
    await pool.close();
    await handle.close();
    await rm(folder, { recursive: true });
  });

  async function hashJob(): Promise<HashJob> {
    const identity = identityOf(await handle.stat());
    const blocks = { firstBlock: 0, blockCount: Math.ceil(identity.size / BLOCK_BYTES) };
    return { kind: 'hash', fd: handle.fd, ...identity, ...blocks, control: new SharedArrayBuffer(4) };
  }

  function writeJob(text: string, hash = leafHash(Buffer.from(text))): WriteJob {
    const block = new SharedArrayBuffer(1024);
    new Uint8Array(block).set(Buffer.from(text));
    return { kind: 'write', fd: handle.fd, position: 0, block, length: text.length, hash };
  }

  it('hashes the blocks that are asked for', async () => {
    const bytes = Buffer.alloc(5 * BLOCK_BYTES + 3, 'ferry');
    await writeFile(file, bytes);
    const expected = Array.from({ length: 6 }, (_, n) =>
      leafHash(bytes.subarray(n * BLOCK_BYTES, (n + 1) * BLOCK_BYTES)),
    );
    const job = await hashJob();
    expect(Buffer.from((await pool.run(job)) ?? [])).toEqual(Buffer.concat(expected));
    const some = await pool.run({ ...job, firstBlock: 4, blockCount: 2 });
    expect(Buffer.from(some ?? [])).toEqual(Buffer.concat(expected.slice(4)));
  });

  it.each([0, 1, BLOCK_BYTES, 2 * BLOCK_BYTES + 1])('sums a file of %d bytes up as a whole', async (size) => {
    const bytes = Buffer.alloc(size, 'ferry');
    await writeFile(file, bytes);
    const identity = identityOf(await handle.stat());
    const sum = await pool.run({ kind: 'sum', fd: handle.fd, ...identity, control: new SharedArrayBuffer(4) });
    expect(Buffer.from(sum ?? [])).toEqual(createHash('sha256').update(bytes).digest());
  });

  it('waits in the middle of its work until it may go on', async () => {
    const control = new SharedArrayBuffer(4);
    Atomics.store(new Int32Array(control), 0, JobControl.WAIT);
    const waiting = pool.run({ ...(await hashJob()), control });
    expect(await pool.run(await hashJob())).toHaveLength(32); // by the other thread
    Atomics.store(new Int32Array(control), 0, JobControl.RUN);
    Atomics.notify(new Int32Array(control), 0);
    expect(await waiting).toHaveLength(32);
  });

  it('hashes small files by their names, and says of each what was wrong', async () => {
    const identity = identityOf(await handle.stat());
    await symlink('file', join(folder, 'link'));
    const job = (name: string, change = {}) => ({ path: join(folder, name), ...identity, ...change });
    const files = [job('file'), job('link'), job('none'), job('file', { mtime: 1 }), job('file')];
    const replies = await pool.hashFiles({ kind: 'hash-files', files, control: new SharedArrayBuffer(4) });
    const right = { hashes: new Uint8Array(leafHash(Buffer.from('before'))), sha256: expect.anything() as unknown };
    expect(replies).toEqual([
      right,
      { failure: expect.objectContaining({ code: 'NOT_FOUND' }) as unknown },
      { failure: expect.objectContaining({ code: 'NOT_FOUND' }) as unknown },
      { failure: expect.objectContaining({ code: 'CHANGED' }) as unknown },
      right,
    ]);
  });

  it('finds out that a file is not what it was said to be', async () => {
    const job = await hashJob();
    await expect(pool.run({ ...job, mtime: job.mtime - 1 })).rejects.toMatchObject({ code: 'CHANGED' });
    await expect(pool.run({ ...job, size: 7 })).rejects.toMatchObject({ code: 'CHANGED' });
    await expect(pool.run({ ...job, inode: 1 })).rejects.toMatchObject({ code: 'CHANGED' });
  });

  it('calls hashing off', async () => {
    const job = await hashJob();
    Atomics.store(new Int32Array(job.control), 0, JobControl.STOP);
    await expect(pool.run(job)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('writes a right block and nothing of a wrong one', async () => {
    await expect(pool.run(writeJob('wrong', leafHash(Buffer.from('other'))))).rejects.toMatchObject({
      code: 'HASH_MISMATCH',
    });
    expect(await readFile(file, 'utf8')).toBe('before');
    await pool.run(writeJob('after'));
    expect(await readFile(file, 'utf8')).toBe('aftere');
  });

  it('tells IO for a descriptor that cannot be written', async () => {
    const readOnly = await open(file, 'r');
    await expect(pool.run({ ...writeJob('x'), fd: readOnly.fd })).rejects.toMatchObject({ code: 'IO' });
    await readOnly.close();
  });

  it('says which blocks are still right', async () => {
    const hashes = Buffer.concat([leafHash(Buffer.from('before')), leafHash(Buffer.from('gone'))]);
    const blocks = Uint32Array.of(0, 0);
    const good = await pool.run({ kind: 'recheck', fd: handle.fd, size: 6, blocks, hashes });
    expect([...(good ?? [])]).toEqual([1, 0]);
  });

  it('fails the jobs of a thread that dies, and starts another for the next', async () => {
    const worker = join(folder, 'worker.js');
    await writeFile(
      worker,
      `require('node:worker_threads').parentPort.on('message', ({ job, work }) => {
         if (work.length === 4) process.exit(3);
         require('node:worker_threads').parentPort.postMessage({ job, type: 'done' });
       });`,
    );
    const mortal = new WorkerPool(1, { file: worker });
    await mortal.run(writeJob('lives'));
    await expect(mortal.run(writeJob('dies'))).rejects.toMatchObject({ code: 'IO' });
    await mortal.run(writeJob('lives'));
    await mortal.close();
    await expect(mortal.run(writeJob('lives'))).rejects.toMatchObject({ code: 'IO' });
  });
});
