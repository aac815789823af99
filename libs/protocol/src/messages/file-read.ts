import { ProtocolError } from '../errors';
import { MAX_READ_BLOCKS, MAX_READ_RANGES } from '../limits';
import { type BlockRange, readBlockRanges } from './block-range';
import { FILE_ID_RULE } from './entry-fields';
import { MessageReader } from './message-reader';

/** Data of the request `file.read`: blocks of a file, as DATA in the order of the ranges, then RESPONSE `{}`. */
export interface FileReadRequest {
  readonly fileId: string;
  /** 1..64, ascending, disjoint, at most 16 blocks in all. */
  readonly ranges: readonly BlockRange[];
}

/**
 * @throws ProtocolError MALFORMED_MESSAGE; INVALID_RANGE when ranges overlap, descend or ask for too much.
 * Whether they lie in the file is judged by who knows the file.
 */
export function parseFileReadRequest(value: unknown): FileReadRequest {
  const reader = new MessageReader('FileReadRequest', value);
  const fileId = reader.text('fileId', FILE_ID_RULE);
  const ranges = readBlockRanges(reader, MAX_READ_RANGES);
  checkRanges(ranges);
  return { fileId, ranges };
}

/** Overlaps would let a short request ask for many answers. */
function checkRanges(ranges: readonly BlockRange[]): void {
  let end = 0;
  let blocks = 0;
  for (const [firstBlock, blockCount] of ranges) {
    if (firstBlock < end) throw new ProtocolError('INVALID_RANGE', `block ${firstBlock} after ${end - 1}`);
    end = firstBlock + blockCount;
    blocks += blockCount;
  }
  if (blocks > MAX_READ_BLOCKS) {
    throw new ProtocolError('INVALID_RANGE', `${blocks} blocks in one request, limit ${MAX_READ_BLOCKS}`);
  }
}
