// Runs as it is in a worker thread: only node: imports, only erasable TypeScript (types are removed, nothing is resolved).
import { createHash, hash } from 'node:crypto';
import { fstatSync, readSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { BlockJob, HashJob, JobFailure, JobReply, RecheckJob, WorkerSettings, WriteJob } from './block-jobs';

const { blockBytes, hashBytes, leafPrefix, progressBlocks } = workerData as WorkerSettings;
const prefixBytes = leafPrefix.length;
/** Leaf prefix, then room for a block: read in place and hashed in one go. */
let prefixed: Uint8Array | undefined;

class JobError extends Error {
  readonly code: JobFailure['code'];

  constructor(code: JobFailure['code'], message: string) {
    super(message);
    this.code = code;
  }
}

parentPort?.on('message', ({ job, work }: { job: number; work: BlockJob }) => {
  try {
    run(job, work);
  } catch (error) {
    reply({ job, type: 'failed', failure: asFailure(error) });
  }
});

function run(job: number, work: BlockJob): void {
  switch (work.kind) {
    case 'hash':
      hashFile(job, work);
      return reply({ job, type: 'done' });
    case 'write':
      writeBlock(work);
      return reply({ job, type: 'done' });
    case 'recheck':
      return reply({ job, type: 'done', good: recheck(work) });
  }
}

function hashFile(job: number, work: HashJob): void {
  const cancel = new Int32Array(work.cancel);
  const blockCount = Math.ceil(work.size / blockBytes);
  for (let first = 0; first < blockCount; first += progressBlocks) {
    const count = Math.min(progressBlocks, blockCount - first);
    const hashes = new Uint8Array(count * hashBytes);
    for (let index = 0; index < count; index++) {
      if (Atomics.load(cancel, 0) !== 0) throw new JobError('ABORTED', 'hashing was called off');
      const found = hashAt(work.fd, (first + index) * blockBytes, work.size);
      if (!found) throw new JobError('CHANGED', 'the file became shorter while it was hashed');
      hashes.set(found, index * hashBytes);
    }
    const doneBytes = Math.min((first + count) * blockBytes, work.size);
    parentPort?.postMessage({ job, type: 'part', bytes: hashes, doneBytes } satisfies JobReply, [hashes.buffer]);
  }
  const { size, mtimeMs, ino } = fstatSync(work.fd);
  if (size !== work.size || mtimeMs !== work.mtime || ino !== work.inode) {
    throw new JobError('CHANGED', 'the file changed while it was hashed');
  }
}

function writeBlock({ fd, position, block, length, hash: expected }: WriteJob): void {
  const bytes = new Uint8Array(block, 0, length);
  const found = createHash('sha256').update(leafPrefix).update(bytes).digest();
  if (!found.equals(expected)) throw new JobError('HASH_MISMATCH', 'the block has another hash');
  for (let written = 0; written < length;) {
    const count = writeSync(fd, bytes, written, length - written, position + written);
    if (count === 0) throw new JobError('IO', 'the disk took no bytes');
    written += count;
  }
}

function recheck({ fd, size, blocks, hashes }: RecheckJob): Uint8Array {
  return Uint8Array.from(blocks, (block, index) => {
    const expected = hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
    return hashAt(fd, block * blockBytes, size)?.equals(expected) ? 1 : 0;
  });
}

/** Hash of the block at `position` of a file of `size` bytes; nothing when the file ends too early. */
function hashAt(fd: number, position: number, size: number): Buffer | undefined {
  prefixed ??= prefixedBuffer();
  const length = Math.min(blockBytes, size - position);
  for (let filled = 0; filled < length;) {
    const count = readSync(fd, prefixed, prefixBytes + filled, length - filled, position + filled);
    if (count === 0) return undefined;
    filled += count;
  }
  return hash('sha256', prefixed.subarray(0, prefixBytes + length), 'buffer');
}

function prefixedBuffer(): Uint8Array {
  const buffer = new Uint8Array(prefixBytes + blockBytes);
  buffer.set(leafPrefix);
  return buffer;
}

function reply(message: JobReply): void {
  parentPort?.postMessage(message);
}

function asFailure(error: unknown): JobFailure {
  if (error instanceof JobError) return { code: error.code, message: error.message };
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  if (isFull) return { code: 'NO_SPACE', message: 'The disk is full' };
  return { code: 'IO', message: `The disk failed (${code})` };
}
