import type { StagedFile } from '@ferry/file-store';
import { blockLength, PATTERNS, ProtocolError } from '@ferry/protocol';
import type { PeerSession } from '../../transport/peer-session';
import type { TransferMeter } from '../progress/transfer-meter';
import type { BlockBuffers } from './block-buffers';
import { BlockReceiver, type PendingBlock } from './block-receiver';
import type { RequestPace } from './request-pace';

export interface FilePullOptions {
  readonly session: PeerSession;
  readonly fileId: string;
  /** Bytes. */
  readonly size: number;
  /** What to ask for: blocks that `staged` lacks, ascending. */
  readonly blocks: readonly number[];
  readonly staged: StagedFile;
  readonly buffers: BlockBuffers;
  readonly meter: TransferMeter;
  /** Of the whole transfer. */
  readonly pace: RequestPace;
}

/**
 * Pulls the blocks that are asked for. When it returns, all are verified and written; when it throws, no byte arrives any more
 * and what was verified is kept.
 * @throws PeerError, FileStoreError HASH_MISMATCH, NO_SPACE, IO; AbortError.
 */
export async function pullFile(options: FilePullOptions, signal: AbortSignal): Promise<void> {
  const { blocks, pace } = options;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const requests = new Set<Promise<void>>();
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    failed.abort();
  };

  try {
    for (let asked = 0; asked < blocks.length;) {
      const count = await pace.take(blocks.length - asked, either);
      const indexes = blocks.slice(asked, asked + count);
      asked += count;
      const request = readBlocks(options, indexes, either).catch(fail);
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

/** One `file.read`, and the writing of what it brings. Gives its place in the pace and every buffer back. */
async function readBlocks(options: FilePullOptions, indexes: readonly number[], signal: AbortSignal): Promise<void> {
  const { session, fileId, size, staged, buffers, meter, pace } = options;
  const pending = new Map<number, PendingBlock>();
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
  let elapsedMs: number | undefined;
  try {
    const lent = await buffers.acquire(session, indexes.length, signal);
    indexes.forEach((index, place) => pending.set(index, pendingBlock(index, lent[place] as SharedArrayBuffer, size)));
    const startedAt = performance.now();
    await session.requestData(PATTERNS.fileRead, { fileId, ranges: rangesOf(indexes) }, receiver, signal);
    elapsedMs = performance.now() - startedAt;
    if (pending.size > 0)
      throw new ProtocolError('UNEXPECTED_MESSAGE', `The answer lacks ${pending.size} of the blocks asked for.`);
  } finally {
    pace.answered(indexes.length, elapsedMs);
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
