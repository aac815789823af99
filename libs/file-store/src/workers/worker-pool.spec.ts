import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '../disk/file-identity';
import type { HashJob, WriteJob } from './block-jobs';
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
    return { kind: 'hash', fd: handle.fd, ...identity, cancel: new SharedArrayBuffer(4) };
  }

  function writeJob(text: string, hash = leafHash(Buffer.from(text))): WriteJob {
    const block = new SharedArrayBuffer(1024);
    new Uint8Array(block).set(Buffer.from(text));
    return { kind: 'write', fd: handle.fd, position: 0, block, length: text.length, hash };
  }

  it('hashes a file in order and tells how far it is', async () => {
    const bytes = Buffer.alloc(70 * 1024 * 1024 + 3, 'ferry');
    await writeFile(file, bytes);
    const parts: Uint8Array[] = [];
    const progress: number[] = [];
    await pool.run(await hashJob(), (hashes, doneBytes) => {
      parts.push(hashes);
      progress.push(doneBytes);
    });
    const hashes = Buffer.concat(parts);
    expect(hashes).toHaveLength(71 * 32);
    expect(hashes.subarray(70 * 32)).toEqual(leafHash(bytes.subarray(70 * 1024 * 1024)));
    expect(progress).toEqual([64 * 1024 * 1024, bytes.length]);
  });

  it('finds out that a file is not what it was said to be', async () => {
    const job = await hashJob();
    await expect(pool.run({ ...job, mtime: job.mtime - 1 })).rejects.toMatchObject({ code: 'CHANGED' });
    await expect(pool.run({ ...job, size: 7 })).rejects.toMatchObject({ code: 'CHANGED' });
    await expect(pool.run({ ...job, inode: 1 })).rejects.toMatchObject({ code: 'CHANGED' });
  });

  it('calls hashing off', async () => {
    const job = await hashJob();
    Atomics.store(new Int32Array(job.cancel), 0, 1);
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
    const mortal = new WorkerPool(1, worker);
    await mortal.run(writeJob('lives'));
    await expect(mortal.run(writeJob('dies'))).rejects.toMatchObject({ code: 'IO' });
    await mortal.run(writeJob('lives'));
    await mortal.close();
    await expect(mortal.run(writeJob('lives'))).rejects.toMatchObject({ code: 'IO' });
  });
});
