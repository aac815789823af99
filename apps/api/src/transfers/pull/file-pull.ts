import type { StagedFile } from '@ferry/file-store';
import { blockLength, PATTERNS } from '@ferry/protocol';
import type { PeerSession } from '../../transport/peer-session';
import type { TransferMeter } from '../progress/transfer-meter';
import type { BlockBuffers } from './block-buffers';
import { BlockReceiver, type PendingBlock } from './block-receiver';

/** Blocks asked for by one `file.read`. Four keep four requests in the window of a session, so it never runs dry. */
const BLOCKS_PER_REQUEST = 4;

export interface FilePullOptions {
  readonly session: PeerSession;
  readonly fileId: string;
  /** Bytes. */
  readonly size: number;
  readonly staged: StagedFile;
  readonly buffers: BlockBuffers;
  readonly meter: TransferMeter;
}

/**
 * Pulls the blocks that `staged` lacks. When it returns, all are verified and written; when it throws, no byte arrives any more
 * and what was verified is kept.
 * @throws PeerError, FileStoreError HASH_MISMATCH, NO_SPACE, IO; AbortError.
 */
export async function pullFile(options: FilePullOptions, signal: AbortSignal): Promise<void> {
  const { session, buffers, staged } = options;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const requests = new Set<Promise<void>>();
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    failed.abort();
  };

  try {
    for (const indexes of batches(staged.missingBlocks(), BLOCKS_PER_REQUEST)) {
      const lent = await buffers.acquire(session, indexes.length, either);
      const request = readBlocks(options, indexes, lent, either).catch(fail);
      requests.add(request);
      void request.then(() => requests.delete(request));
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(requests); // also after a failure: nobody may write into a buffer that was given back
  signal.throwIfAborted();
  if (failure !== undefined) throw failure;
}

/** One `file.read`, and the writing of what it brings. Gives every buffer back. */
async function readBlocks(
  options: FilePullOptions,
  indexes: readonly number[],
  lent: SharedArrayBuffer[],
  signal: AbortSignal,
): Promise<void> {
  const { session, fileId, size, staged, buffers, meter } = options;
  const pending = new Map(
    indexes.map((index, place) => [index, pendingBlock(index, lent[place] as SharedArrayBuffer, size)]),
  );
  const writes: Promise<void>[] = [];
  const receiver = new BlockReceiver(
    pending,
    (count) => meter.received(count),
    (block) => {
      const write = writeBlock(staged, block, meter).finally(() => buffers.release(session, block.buffer));
      write.catch(() => undefined); // looked at below; a rejection before that is not unhandled
      writes.push(write);
    },
  );
  try {
    await session.requestData(PATTERNS.fileRead, { fileId, ranges: rangesOf(indexes) }, receiver, signal);
    if (pending.size > 0) throw new Error(`The peer answered without ${pending.size} of the blocks asked for.`);
  } finally {
    for (const block of pending.values()) {
      meter.dropped(block.filled);
      buffers.release(session, block.buffer);
    }
    await Promise.allSettled(writes);
  }
  await Promise.all(writes);
}

async function writeBlock(staged: StagedFile, block: PendingBlock, meter: TransferMeter): Promise<void> {
  try {
    await staged.writeBlock(block.index, block.buffer, block.length);
    meter.verified(block.length);
  } catch (error) {
    meter.dropped(block.length);
    throw error;
  }
}

function pendingBlock(index: number, buffer: SharedArrayBuffer, size: number): PendingBlock {
  return { index, buffer, bytes: Buffer.from(buffer), length: blockLength(index, size), filled: 0 };
}

function* batches(indexes: readonly number[], size: number): Generator<readonly number[]> {
  for (let start = 0; start < indexes.length; start += size) yield indexes.slice(start, start + size);
}

/** Ascending block indexes as `[first, count]` runs. */
export function rangesOf(indexes: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last && last[0] + last[1] === index) last[1] += 1;
    else ranges.push([index, 1]);
  }
  return ranges;
}
