import {
  BLOCK_BYTES,
  blockCountOf,
  blockLength,
  MAX_AVAILABLE_FILES,
  MAX_AVAILABLE_RANGES,
  type BlockRange,
} from '@ferry/protocol';
import { BlockRanges } from './block-ranges';

/**
 * Which blocks of which files the other side of a session has said to have. Bounded: the files heard of last, and the longest
 * runs of each; so what is here was said, but not all that was said is here.
 */
export class RemoteBlocks {
  /** The one heard of last is the last. */
  private readonly files = new Map<string, BlockRanges>();

  /** @param ranges ascending; they add to what was said before. */
  note(fileId: string, ranges: readonly BlockRange[]): void {
    const known = this.files.get(fileId) ?? new BlockRanges(MAX_AVAILABLE_RANGES);
    known.add(ranges);
    this.files.delete(fileId);
    this.files.set(fileId, known);
    const [oldest] = this.files.keys();
    if (this.files.size > MAX_AVAILABLE_FILES && oldest !== undefined) this.files.delete(oldest);
  }

  has(fileId: string, block: number): boolean {
    return this.files.get(fileId)?.has(block) ?? false;
  }

  rangesOf(fileId: string): readonly BlockRange[] {
    return this.files.get(fileId)?.list() ?? [];
  }

  /** Bytes of these blocks in a file of `size` bytes. */
  bytesOf(fileId: string, size: number): number {
    const blocks = this.files.get(fileId);
    const last = blockCountOf(size) - 1;
    if (!blocks || last < 0) return 0;
    const short = blocks.has(last) ? BLOCK_BYTES - blockLength(last, size) : 0;
    return Math.min(blocks.blockCount * BLOCK_BYTES - short, size);
  }
}
