import { HASH_BYTES } from '@ferry/protocol';
import type { BlockIndex } from './block-index';
import { PREFIX_BYTES } from './reuse-schema';

/** Places are put in the order of their first two bytes. */
const BUCKETS = 0x1_0000;

/**
 * Places that are indexed together. Hashes are random, so in the order of files each place would touch another page of the
 * database; in the order of their hashes a transaction touches few.
 */
export class PlaceRound {
  private readonly prefixes: Uint8Array;
  private readonly sources: Float64Array;
  private readonly blocks: Uint32Array;
  private count = 0;

  constructor(private readonly capacity: number) {
    this.prefixes = new Uint8Array(capacity * PREFIX_BYTES);
    this.sources = new Float64Array(capacity);
    this.blocks = new Uint32Array(capacity);
  }

  /** Blocks that can be added. */
  get room(): number {
    return this.capacity - this.count;
  }

  /** @param hashes 32 bytes a block, at most `room` blocks, of `firstBlock` and those after it. */
  add(source: number, firstBlock: number, hashes: Uint8Array): void {
    for (let offset = 0; offset < hashes.length; offset += HASH_BYTES) {
      this.prefixes.set(hashes.subarray(offset, offset + PREFIX_BYTES), this.count * PREFIX_BYTES);
      this.sources[this.count] = source;
      this.blocks[this.count] = firstBlock + offset / HASH_BYTES;
      this.count++;
    }
  }

  /** Runs of places, about in the order of their prefixes. */
  *steps(length: number): Generator<Uint32Array> {
    const order = this.inOrder();
    for (let from = 0; from < order.length; from += length) yield order.subarray(from, from + length);
  }

  insert(index: BlockIndex, place: number): void {
    const prefix = this.prefixes.subarray(place * PREFIX_BYTES, (place + 1) * PREFIX_BYTES);
    index.insert(prefix, this.sources[place] as number, this.blocks[place] as number);
  }

  /** A counting sort. */
  private inOrder(): Uint32Array {
    const ends = new Uint32Array(BUCKETS + 1);
    for (let place = 0; place < this.count; place++) {
      const bucket = this.bucketOf(place);
      ends[bucket] = (ends[bucket] as number) + 1;
    }
    for (let bucket = 1; bucket <= BUCKETS; bucket++)
      ends[bucket] = (ends[bucket] as number) + (ends[bucket - 1] as number);
    const order = new Uint32Array(this.count);
    for (let place = this.count - 1; place >= 0; place--) {
      const bucket = this.bucketOf(place);
      const at = (ends[bucket] as number) - 1;
      ends[bucket] = at;
      order[at] = place;
    }
    return order;
  }

  private bucketOf(place: number): number {
    const offset = place * PREFIX_BYTES;
    return ((this.prefixes[offset] as number) << 8) | (this.prefixes[offset + 1] as number);
  }
}
