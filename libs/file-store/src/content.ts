import { createHash } from 'node:crypto';
import { type Sha256, merkleRoot, toHex } from '@ferry/protocol';

/** SHA-256 of Node for the pure functions of `@ferry/protocol`. */
export const sha256: Sha256 = (parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The file id that belongs to a list of block hashes. */
export function fileIdOf(hashes: Uint8Array): string {
  return toHex(merkleRoot(hashes, sha256));
}
