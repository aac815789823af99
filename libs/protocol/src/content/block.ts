import { BLOCK_BYTES } from '../limits';

/** Blocks of a file of `size` bytes: 0 for an empty one. */
export function blockCountOf(size: number): number {
  return Math.ceil(size / BLOCK_BYTES);
}

/** Bytes of block `index` in a file of `size` bytes. @throws RangeError when the file has no such block. */
export function blockLength(index: number, size: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= blockCountOf(size)) {
    throw new RangeError(`no block ${index} in ${size} bytes`);
  }
  return Math.min(BLOCK_BYTES, size - index * BLOCK_BYTES);
}
