import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { HASH_BYTES, type Sha256, merkleRoot, toHex } from '@ferry/protocol';

/** SHA-256 of Node for the pure functions of `@ferry/protocol`. */
export const sha256: Sha256 = (parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Leaves hashed in one turn of the event loop, some 10 ms; a power of two, so that each run of them is a whole subtree. */
const LEAVES_PER_TURN = 4_096;

/** The file id that belongs to a list of block hashes. Gives way to other work while it hashes a large list. */
export async function fileIdOf(hashes: Uint8Array): Promise<string> {
  const runBytes = LEAVES_PER_TURN * HASH_BYTES;
  const roots: Uint8Array[] = [];
  for (let start = 0; start < hashes.length || start === 0; start += runBytes) {
    roots.push(merkleRoot(hashes.subarray(start, start + runBytes), sha256));
    if (start + runBytes < hashes.length) await turn();
  }
  return toHex(roots.length === 1 ? (roots[0] as Uint8Array) : merkleRoot(Buffer.concat(roots), sha256));
}
