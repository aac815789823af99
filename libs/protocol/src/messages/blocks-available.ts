import { blockCountOf } from '../content/block';
import { MAX_AVAILABLE_RANGES, MAX_FILE_BYTES } from '../limits';
import { type BlockRange, readBlockRanges } from './block-range';
import { FILE_ID_RULE } from './entry-fields';
import { MessageReader } from './message-reader';

/** Data of the event `blocks.available`: these blocks of the file are verified and on the sender's disk now. */
export interface BlocksAvailable {
  readonly fileId: string;
  /** 1..256, ascending, disjoint; they add to what was said before. */
  readonly ranges: readonly BlockRange[];
}

const MAX_BLOCKS = blockCountOf(MAX_FILE_BYTES);

/** @throws ProtocolError MALFORMED_MESSAGE. Whether the ranges lie in the file is judged by who knows the file. */
export function parseBlocksAvailable(value: unknown): BlocksAvailable {
  const reader = new MessageReader('BlocksAvailable', value);
  const fileId = reader.text('fileId', FILE_ID_RULE);
  const ranges = readBlockRanges(reader, MAX_AVAILABLE_RANGES);
  let end = 0;
  for (const [firstBlock, blockCount] of ranges) {
    if (firstBlock < end) reader.fail('ranges', `go back to block ${firstBlock} after ${end - 1}`);
    end = firstBlock + blockCount;
  }
  if (end > MAX_BLOCKS) reader.fail('ranges', `end at block ${end}, limit ${MAX_BLOCKS}`);
  return { fileId, ranges };
}
