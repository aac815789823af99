import { blockCountOf } from '../content/block';
import { ProtocolError } from '../errors';
import { MAX_FILE_BYTES, MAX_READ_BLOCKS, MAX_READ_RANGES } from '../limits';
import { FILE_ID_RULE } from './entry-fields';
import { isIntegerIn, MessageReader } from './message-reader';

/** `[first block, block count]`. */
export type BlockRange = readonly [firstBlock: number, blockCount: number];

/** Data of the request `file.read`: blocks of a file, as DATA in the order of the ranges, then RESPONSE `{}`. */
export interface FileReadRequest {
  readonly fileId: string;
  /** 1..64, ascending, disjoint, at most 16 blocks in all. */
  readonly ranges: readonly BlockRange[];
}

const MAX_BLOCKS = blockCountOf(MAX_FILE_BYTES);

/**
 * @throws ProtocolError MALFORMED_MESSAGE; INVALID_RANGE when ranges overlap, descend or ask for too much.
 * Whether they lie in the file is judged by who knows the file.
 */
export function parseFileReadRequest(value: unknown): FileReadRequest {
  const reader = new MessageReader('FileReadRequest', value);
  const fileId = reader.text('fileId', FILE_ID_RULE);
  const ranges = reader.list('ranges', MAX_READ_RANGES).map((range) => parseRange(reader, range));
  if (ranges.length === 0) reader.fail('ranges', 'is empty');
  checkRanges(ranges);
  return { fileId, ranges };
}

function parseRange(reader: MessageReader, range: unknown): BlockRange {
  if (!Array.isArray(range) || range.length !== 2) return reader.fail('ranges', 'holds no pair');
  const [firstBlock, blockCount]: unknown[] = range;
  if (!isIntegerIn(firstBlock, 0, MAX_BLOCKS - 1) || !isIntegerIn(blockCount, 1, MAX_BLOCKS)) {
    return reader.fail('ranges', 'holds a pair that is no block range');
  }
  return [firstBlock, blockCount];
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
