// Runs as it is in a worker thread: only node: imports, only erasable TypeScript (types are removed, nothing is resolved).
import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, read, readSync, writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type * as Jobs from './block-jobs';

const { blockBytes, hashBytes, leafPrefix, isBackground } = workerData as Jobs.WorkerSettings;
const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const prefixBytes = leafPrefix.length;
const LOWEST_PRIORITY = 19;
/** Values of `JobControl`. */
const [STOP, WAIT] = [1, 2];

/** Each holds the leaf prefix, then room for a block: read in place and hashed in one go. One is read into while the other is hashed. */
const buffers: Uint8Array[] = [];
/** Jobs are done one after the other. */
let last: Promise<void> = Promise.resolve();

// On Linux the "process" 0 is the calling thread.
if (isBackground && process.platform === 'linux') setPriority(0, LOWEST_PRIORITY);

class JobError extends Error {
  readonly code: Jobs.JobFailure['code'];

  constructor(code: Jobs.JobFailure['code'], message: string) {
    super(message);
    this.code = code;
  }
}

parentPort?.on('message', ({ job, work }: { job: number; work: Jobs.BlockJob }) => {
  last = last.then(() => answer(job, work));
});

async function answer(job: number, work: Jobs.BlockJob): Promise<void> {
  try {
    reply({ job, type: 'done', ...(await run(work)) });
  } catch (error) {
    reply({ job, type: 'failed', failure: asFailure(error) });
  }
}

function run(work: Jobs.BlockJob): Jobs.JobAnswer | Promise<Jobs.JobAnswer> {
  switch (work.kind) {
    case 'hash':
      return hashBlocks(work);
    case 'hash-files':
      return hashFiles(work);
    case 'sum':
      return sum(work);
    case 'write':
      writeBlock(work);
      return {};
    case 'recheck':
      return { bytes: recheck(work) };
    case 'copy':
      return { bytes: copyBlocks(work) };
  }
}

async function hashBlocks(work: Jobs.HashJob): Promise<Jobs.JobAnswer> {
  const hashes = new Uint8Array(work.blockCount * hashBytes);
  let filled = 0;
  await eachBlock(work, work.firstBlock, work.blockCount, (prefixed) => {
    hashes.set(hash('sha256', prefixed, 'buffer'), filled);
    filled += hashBytes;
  });
  return { bytes: hashes };
}

async function sum(work: Jobs.SumJob): Promise<Jobs.JobAnswer> {
  const whole = createHash('sha256');
  await eachBlock(work, 0, Math.ceil(work.size / blockBytes), (prefixed) => {
    whole.update(prefixed.subarray(prefixBytes));
  });
  return { bytes: whole.digest() };
}

/** Gives `take` one block after the other, behind the leaf prefix; the next one is read meanwhile by a thread of the pool. */
async function eachBlock(
  work: Jobs.HashJob | Jobs.SumJob,
  first: number,
  count: number,
  take: (prefixed: Uint8Array) => void,
): Promise<void> {
  const readBlock = (index: number) => {
    const position = (first + index) * blockBytes;
    return readWhole(work.fd, bufferAt(index % 2), position, Math.min(blockBytes, work.size - position));
  };
  let reading = count > 0 ? readBlock(0) : undefined;
  for (let index = 0; index < count; index++) {
    const prefixed = await reading;
    obey(work.control);
    if (!prefixed) throw new JobError('CHANGED', 'the file became shorter while it was read');
    reading = index + 1 < count ? readBlock(index + 1) : undefined;
    take(prefixed);
  }
  assertUnchanged(work.fd, work);
}

/** Waits or ends, as the control says. */
function obey(buffer: SharedArrayBuffer): void {
  const control = new Int32Array(buffer);
  while (Atomics.load(control, 0) === WAIT) Atomics.wait(control, 0, WAIT);
  if (Atomics.load(control, 0) === STOP) throw new JobError('ABORTED', 'the work was called off');
}

function assertUnchanged(fd: number, expected: Jobs.ExpectedFile): void {
  const { size, mtimeMs, ino } = fstatSync(fd);
  if (size !== expected.size || mtimeMs !== expected.mtime || ino !== expected.inode) {
    throw new JobError('CHANGED', 'the file changed while it was read');
  }
}

function hashFiles({ files, control }: Jobs.HashFilesJob): Jobs.JobAnswer {
  return {
    files: files.map((file) => {
      obey(control);
      return hashSmall(file);
    }),
  };
}

function hashSmall(file: Jobs.SmallFile): Jobs.SmallFileReply {
  let fd: number | undefined;
  try {
    fd = openSync(file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    assertUnchanged(fd, file);
    const whole = createHash('sha256');
    const blockCount = Math.ceil(file.size / blockBytes);
    const hashes = new Uint8Array(blockCount * hashBytes);
    for (let index = 0; index < blockCount; index++) {
      const found = hashAt(fd, index * blockBytes, file.size);
      if (!found) throw new JobError('CHANGED', 'the file became shorter while it was read');
      hashes.set(found, index * hashBytes);
      whole.update(
        bufferAt(0).subarray(prefixBytes, prefixBytes + Math.min(blockBytes, file.size - index * blockBytes)),
      );
    }
    assertUnchanged(fd, file);
    return { hashes, sha256: whole.digest() };
  } catch (error) {
    return { failure: asFailure(error) };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function writeBlock({ fd, position, block, length, hash: expected }: Jobs.WriteJob): void {
  const bytes = new Uint8Array(block, 0, length);
  const found = createHash('sha256').update(leafPrefix).update(bytes).digest();
  if (!found.equals(expected)) throw new JobError('HASH_MISMATCH', 'the block has another hash');
  writeAll(fd, bytes, position);
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  const { length } = bytes;
  for (let written = 0; written < length;) {
    const count = writeSync(fd, bytes, written, length - written, position + written);
    if (count === 0) throw new JobError('IO', 'the disk took no bytes');
    written += count;
  }
}

function recheck({ fd, size, blocks, hashes }: Jobs.RecheckJob): Uint8Array {
  return Uint8Array.from(blocks, (block, index) => {
    const expected = hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
    return hashAt(fd, block * blockBytes, size)?.equals(expected) ? 1 : 0;
  });
}

/** What was hashed is what is written: both from the one buffer. A source that cannot be read is as good as a wrong one. */
function copyBlocks({ from, fd, blocks, hashes }: Jobs.CopyJob): Uint8Array {
  return Uint8Array.from(blocks, (block, index) => {
    const expected = hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
    if (!holdsBlock(from, block.from, block.length, expected)) return 0;
    writeAll(fd, bufferAt(0).subarray(prefixBytes, prefixBytes + block.length), block.to);
    return 1;
  });
}

function holdsBlock(fd: number, position: number, length: number, expected: Uint8Array): boolean {
  try {
    return hashRange(fd, position, length)?.equals(expected) ?? false;
  } catch {
    return false;
  }
}

/** Hash of the block at `position` of a file of `size` bytes; nothing when the file ends too early. */
function hashAt(fd: number, position: number, size: number): Buffer | undefined {
  return hashRange(fd, position, Math.min(blockBytes, size - position));
}

/** Reads a block into the first buffer, where it stays until the next. */
function hashRange(fd: number, position: number, length: number): Buffer | undefined {
  const buffer = bufferAt(0);
  for (let filled = 0; filled < length;) {
    const count = readSync(fd, buffer, prefixBytes + filled, length - filled, position + filled);
    if (count === 0) return undefined;
    filled += count;
  }
  return hash('sha256', buffer.subarray(0, prefixBytes + length), 'buffer');
}

/** Reads into a buffer behind the leaf prefix. @returns both; nothing when the file ends too early. */
function readWhole(fd: number, buffer: Uint8Array, position: number, length: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const readOn = (filled: number) => {
      read(fd, buffer, prefixBytes + filled, length - filled, position + filled, (error, count) => {
        if (error) reject(error);
        else if (filled + count === length) resolve(buffer.subarray(0, prefixBytes + length));
        else if (count === 0) resolve(undefined);
        else readOn(filled + count);
      });
    };
    readOn(0);
  });
}

function bufferAt(index: number): Uint8Array {
  const known = buffers[index];
  if (known) return known;
  const buffer = new Uint8Array(prefixBytes + blockBytes);
  buffer.set(leafPrefix);
  buffers[index] = buffer;
  return buffer;
}

function reply(message: Jobs.JobReply): void {
  parentPort?.postMessage(message);
}

function asFailure(error: unknown): Jobs.JobFailure {
  if (error instanceof JobError) return { code: error.code, message: error.message };
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
  if (code === 'ENOSPC' || code === 'EDQUOT') return { code: 'NO_SPACE', message: 'The disk is full' };
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(code)) return { code: 'NOT_FOUND', message: 'The file is gone' };
  return { code: 'IO', message: `The disk failed (${code})` };
}
