import { blockCountOf } from '../content/block';
import { MAX_FILE_BYTES } from '../limits';
import { isIntegerIn, type MessageReader } from './message-reader';

/** `[first block, block count]`. */
export type BlockRange = readonly [firstBlock: number, blockCount: number];

const MAX_BLOCKS = blockCountOf(MAX_FILE_BYTES);

/** The pairs of field `ranges`: 1 to `max`; their order is judged by who knows what they are for. */
export function readBlockRanges(reader: MessageReader, max: number): readonly BlockRange[] {
  const ranges = reader.list('ranges', max).map((range) => readBlockRange(reader, range));
  if (ranges.length === 0) reader.fail('ranges', 'is empty');
  return ranges;
}

function readBlockRange(reader: MessageReader, range: unknown): BlockRange {
  if (!Array.isArray(range) || range.length !== 2) return reader.fail('ranges', 'holds no pair');
  const [firstBlock, blockCount]: unknown[] = range;
  if (!isIntegerIn(firstBlock, 0, MAX_BLOCKS - 1) || !isIntegerIn(blockCount, 1, MAX_BLOCKS)) {
    return reader.fail('ranges', 'holds a pair that is no block range');
  }
  return [firstBlock, blockCount];
}
