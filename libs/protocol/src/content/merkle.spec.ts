import fc from 'fast-check';
import { concat, sha256, utf8 } from '../../testing/bytes';
import { readVectors } from '../../testing/vectors';
import { HASH_BYTES } from '../limits';
import { fromHex, toHex } from '../text/hex';
import { blockCountOf, blockLength } from './block';
import { blockHash, inclusionProof, merkleRoot, verifyInclusion } from './merkle';

/** Written by merkle.py, which follows the recursive definitions of the RFC. */
interface MerkleVectors {
  readonly trees: readonly {
    readonly blockCount: number;
    readonly root: string;
    readonly proofs: readonly {
      readonly index: number;
      readonly leaf: string;
      readonly siblings: readonly string[];
    }[];
  }[];
  readonly files: readonly {
    readonly size: number;
    readonly blockHashes: readonly string[];
    readonly fileId: string;
  }[];
}

const { trees, files } = readVectors<MerkleVectors>('merkle.json');

function leavesOf(count: number): Uint8Array {
  return concat(...Array.from({ length: count }, (_, i) => blockHash(utf8(`ferry block ${i}`), sha256)));
}

/** SHA-256(u32be 0), SHA-256(u32be 1), ... cut to `size`. */
function contentOf(size: number): Uint8Array {
  const content = new Uint8Array(Math.ceil(size / HASH_BYTES) * HASH_BYTES);
  const counter = new Uint8Array(4);
  for (let offset = 0; offset < size; offset += HASH_BYTES) {
    new DataView(counter.buffer).setUint32(0, offset / HASH_BYTES);
    content.set(sha256([counter]), offset);
  }
  return content.subarray(0, size);
}

describe('Merkle tree', () => {
  it('covers the block counts that the vectors promise', () =>
    expect(trees.map(({ blockCount }) => blockCount)).toEqual([0, 1, 2, 3, 5, 7, 8, 1000]));

  it.each(trees)('has the independent root of $blockCount blocks', ({ blockCount, root }) =>
    expect(toHex(merkleRoot(leavesOf(blockCount), sha256))).toBe(root),
  );

  it('has SHA-256 of nothing as the root of no blocks', () =>
    expect(toHex(merkleRoot(new Uint8Array(0), sha256))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ));

  const proofs = trees.flatMap((tree) => tree.proofs.map((proof) => ({ ...tree, ...proof })));

  it.each(proofs)('proves leaf $index of $blockCount', ({ blockCount, root, index, leaf, siblings }) => {
    expect(inclusionProof(leavesOf(blockCount), index, sha256).map(toHex)).toEqual(siblings);
    const proof = siblings.map(fromHex);
    expect(verifyInclusion(fromHex(leaf), index, blockCount, proof, fromHex(root), sha256)).toBe(true);
  });

  it('verifies the proof of every leaf, and of no other place, leaf or root', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (count, a, b) => {
        const leaves = leavesOf(count);
        const [index, other] = [a % count, b % count];
        const root = merkleRoot(leaves, sha256);
        const leaf = leaves.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
        const proof = inclusionProof(leaves, index, sha256);
        expect(verifyInclusion(leaf, index, count, proof, root, sha256)).toBe(true);
        expect(verifyInclusion(leaf, other, count, proof, root, sha256)).toBe(other === index);
        expect(
          verifyInclusion(
            root.map((byte) => byte ^ 1),
            index,
            count,
            proof,
            root,
            sha256,
          ),
        ).toBe(false);
        expect(verifyInclusion(leaf, index, count, [...proof, root], root, sha256)).toBe(false);
        expect(verifyInclusion(leaf, index, count, proof, leaf, sha256)).toBe(count === 1);
      }),
      { numRuns: 300 },
    ));

  it.each([
    ['a proof cut short', 2, 8, 1],
    ['an index beyond the leaves', 8, 8, 3],
    ['a negative index', -1, 8, 3],
    ['a fraction', 0.5, 8, 3],
  ])('does not verify %s', (_name, index, count, length) => {
    const leaves = leavesOf(8);
    const proof = inclusionProof(leaves, 2, sha256).slice(0, length);
    const leaf = leaves.subarray(2 * HASH_BYTES, 3 * HASH_BYTES);
    expect(verifyInclusion(leaf, index, count, proof, merkleRoot(leaves, sha256), sha256)).toBe(false);
  });

  it('does not take siblings of another length', () => {
    const leaves = leavesOf(2);
    const [left, right] = [leaves.subarray(0, 32), leaves.subarray(32)];
    const root = sha256([Uint8Array.of(1), left, right]);
    expect(verifyInclusion(left, 0, 2, [right], root, sha256)).toBe(true);
    expect(verifyInclusion(left.subarray(0, 31), 0, 2, [concat(left.subarray(31), right)], root, sha256)).toBe(false);
  });

  it('leaves its input as it is', () => {
    const leaves = leavesOf(5);
    const before = leaves.slice();
    merkleRoot(leaves, sha256).fill(0);
    merkleRoot(leaves.subarray(0, HASH_BYTES), sha256).fill(0);
    inclusionProof(leaves, 4, sha256).forEach((sibling) => sibling.fill(0));
    expect(leaves).toEqual(before);
  });

  it('refuses bytes that are not whole hashes, and leaves that are not there', () => {
    expect(() => merkleRoot(new Uint8Array(33), sha256)).toThrow(RangeError);
    expect(() => inclusionProof(leavesOf(2), 2, sha256)).toThrow(RangeError);
  });
});

describe('file id', () => {
  it.each(files)('of $size bytes is the independent one', ({ size, blockHashes, fileId }) => {
    const content = contentOf(size);
    const hashes = Array.from({ length: blockCountOf(size) }, (_, index) => {
      const start = index * blockLength(0, size);
      return blockHash(content.subarray(start, start + blockLength(index, size)), sha256);
    });
    expect(hashes.map(toHex)).toEqual(blockHashes);
    expect(toHex(merkleRoot(concat(...hashes), sha256))).toBe(fileId);
  });
});
