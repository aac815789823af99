import type { EntryReader } from '@ferry/file-store';
import {
  BLOCK_BYTES,
  blockCountOf,
  blockLength,
  CHUNK_BYTES,
  DATA_PREFIX_BYTES,
  encodeChunkPrefix,
  MAX_CHUNKS_PER_FRAME,
  ProtocolError,
  type FileReadRequest,
} from '@ferry/protocol';
import type { DataWriter } from '../../transport/data-answer';

/** Content bytes of one DATA frame: the largest, as each frame costs one trip to the thread pool and one write. */
const FRAME_BYTES = MAX_CHUNKS_PER_FRAME * CHUNK_BYTES;

/**
 * Checks the ranges of a `file.read` against the file; their order and number were checked when the message was read.
 * @throws ProtocolError INVALID_RANGE
 */
export function checkRanges({ ranges }: FileReadRequest, size: number): void {
  const blocks = blockCountOf(size);
  const beyond = ranges.find(([first, count]) => first + count > blocks);
  if (beyond)
    throw new ProtocolError('INVALID_RANGE', `Blocks ${beyond.join('+')} reach beyond the ${blocks} of this file.`);
}

/** How much the answer to a `file.read` will hold. */
export function contentBytesOf({ ranges }: FileReadRequest, size: number): number {
  return ranges.reduce((sum, [first, count]) => {
    const end = Math.min((first + count) * BLOCK_BYTES, size);
    return sum + end - first * BLOCK_BYTES;
  }, 0);
}

/**
 * Streams the blocks of the ranges in order, reading straight into the outgoing frames.
 * @throws FileStoreError CHANGED as soon as the file is not the one that was indexed; AbortError.
 */
export async function sendBlocks(
  reader: EntryReader,
  { ranges }: FileReadRequest,
  writer: DataWriter,
  signal: AbortSignal,
): Promise<void> {
  await reader.assertUnchanged();
  for (const [first, count] of ranges)
    for (let block = first; block < first + count; block++) await sendBlock(reader, block, writer, signal);
  await reader.assertUnchanged(); // what was read belongs to the file id only if the file stayed the same
}

async function sendBlock(reader: EntryReader, block: number, writer: DataWriter, signal: AbortSignal): Promise<void> {
  const length = blockLength(block, reader.size);
  for (let start = 0; start < length; start += FRAME_BYTES) {
    signal.throwIfAborted();
    const bytes = Math.min(FRAME_BYTES, length - start);
    const frame = await writer.frame(DATA_PREFIX_BYTES + bytes);
    encodeChunkPrefix(
      { block, firstChunk: start / CHUNK_BYTES, chunkCount: Math.ceil(bytes / CHUNK_BYTES) },
      frame.payload,
      0,
    );
    await reader.read(frame.payload.subarray(DATA_PREFIX_BYTES), block * BLOCK_BYTES + start);
    writer.send(frame);
  }
}
