import { HASH_BYTES } from '../limits';

/** SHA-256 of the parts one after the other, in an array of its own. Injected: the library holds no hash and no runtime. */
export type Sha256 = (parts: readonly Uint8Array[]) => Uint8Array;

/** First input byte of a block's hash, which is the tree's leaf. RFC 9162 section 2.1.1. */
export const LEAF_PREFIX = Uint8Array.of(0);

/** First input byte of an inner node. It differs from a leaf's, so that a node cannot pass for a block. */
export const NODE_PREFIX = Uint8Array.of(1);

/** The hash under which a block stands in the manifest: the Merkle leaf. */
export function blockHash(block: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256([LEAF_PREFIX, block]);
}

/**
 * Merkle Tree Hash of RFC 9162 section 2.1.1 over block hashes; SHA-256 of nothing for none.
 * @param hashes block hashes one after the other, 32 bytes each; not changed.
 * @throws RangeError unless whole hashes.
 */
export function merkleRoot(hashes: Uint8Array, sha256: Sha256): Uint8Array {
  if (countHashes(hashes) === 0) return sha256([]);
  let level = hashes;
  while (level.length > HASH_BYTES) level = levelAbove(level, sha256);
  return level.slice();
}

/**
 * The siblings from leaf `index` up to the root, RFC 9162 section 2.1.3.1.
 * @throws RangeError unless there is such a leaf.
 */
export function inclusionProof(hashes: Uint8Array, index: number, sha256: Sha256): Uint8Array[] {
  const count = countHashes(hashes);
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new RangeError(`no leaf ${index} among ${count}`);
  }
  const proof: Uint8Array[] = [];
  let at = index;
  for (let level = hashes; level.length > HASH_BYTES; level = levelAbove(level, sha256)) {
    const sibling = hashAt(level, at ^ 1);
    if (sibling.length > 0) proof.push(sibling.slice()); // the last of an odd level has none
    at >>>= 1;
  }
  return proof;
}

/** Whether `proof` leads from leaf `index` of `leafCount` to `root`, RFC 9162 section 2.1.3.2. Never throws for a false proof. */
export function verifyInclusion(
  leafHash: Uint8Array,
  index: number,
  leafCount: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
  sha256: Sha256,
): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= leafCount) return false;
  let at = index;
  let last = leafCount - 1;
  let hash = leafHash;
  let used = 0;
  for (; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    if (at === last && at % 2 === 0) continue; // promoted: no sibling on this level
    const sibling = proof[used++];
    if (sibling?.length !== HASH_BYTES) return false;
    hash = at % 2 === 1 ? nodeHash(sibling, hash, sha256) : nodeHash(hash, sibling, sha256);
  }
  return used === proof.length && areEqual(hash, root);
}

/** Pairs become nodes; the last of an odd level moves up as it is, which gives the shape of RFC 9162. */
function levelAbove(level: Uint8Array, sha256: Sha256): Uint8Array {
  const count = level.length / HASH_BYTES;
  const above = new Uint8Array(Math.ceil(count / 2) * HASH_BYTES);
  for (let index = 0; index < count; index += 2) {
    const left = hashAt(level, index);
    const right = hashAt(level, index + 1);
    const hash = right.length === 0 ? left : nodeHash(left, right, sha256);
    above.set(hash, (index / 2) * HASH_BYTES);
  }
  return above;
}

function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256([NODE_PREFIX, left, right]);
}

/** A view; empty beyond the end. */
function hashAt(hashes: Uint8Array, index: number): Uint8Array {
  return hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

function countHashes(hashes: Uint8Array): number {
  if (hashes.length % HASH_BYTES !== 0) throw new RangeError(`${hashes.length} bytes are not whole hashes`);
  return hashes.length / HASH_BYTES;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
