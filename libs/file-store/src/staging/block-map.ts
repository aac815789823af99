import { blockLength } from '@ferry/protocol';

/** Which blocks of a file are there: one bit each, block 0 in the lowest bit of byte 0. */
export class BlockMap {
  private readonly bits: Uint8Array;
  private count = 0;

  constructor(readonly blockCount: number) {
    this.bits = new Uint8Array(Math.ceil(blockCount / 8));
  }

  /** Reads what `bytes` gave; bits beyond the last block are ignored. */
  static from(bytes: Uint8Array, blockCount: number): BlockMap {
    const map = new BlockMap(blockCount);
    for (let index = 0; index < blockCount; index++) {
      if (((bytes[index >> 3] ?? 0) >> (index & 7)) & 1) map.add(index);
    }
    return map;
  }

  /** The live array: copy what is kept. */
  get bytes(): Uint8Array {
    return this.bits;
  }

  get isComplete(): boolean {
    return this.count === this.blockCount;
  }

  has(index: number): boolean {
    return (((this.bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
  }

  /** @returns whether it was missing. */
  add(index: number): boolean {
    if (this.has(index)) return false;
    this.bits[index >> 3] = (this.bits[index >> 3] ?? 0) | (1 << (index & 7));
    this.count++;
    return true;
  }

  present(): number[] {
    return this.indexes((index) => this.has(index));
  }

  /** Bytes of the blocks that are there, in a file of `size` bytes. */
  presentBytes(size: number): number {
    return this.present().reduce((bytes, index) => bytes + blockLength(index, size), 0);
  }

  missing(): number[] {
    return this.indexes((index) => !this.has(index));
  }

  private indexes(isWanted: (index: number) => boolean): number[] {
    const found: number[] = [];
    for (let index = 0; index < this.blockCount; index++) {
      if (isWanted(index)) found.push(index);
    }
    return found;
  }
}
