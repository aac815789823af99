#!/usr/bin/env python3
"""Writes merkle.json: Merkle roots and inclusion proofs by the recursive definitions of RFC 9162
sections 2.1.1 and 2.1.3.1, for a check of the iterative TypeScript in src/content/merkle.ts.

Run: python3 merkle.py          writes merkle.json beside this file
     python3 merkle.py --check  fails if merkle.json is not what would be written

trees: block i is the ASCII text "ferry block <i>" (blocks need no full mebibyte to be leaves).
files: byte stream SHA-256(u32be 0) || SHA-256(u32be 1) || ..., cut to `size`, in blocks of 1 MiB.
"""

import json
import struct
import sys
from hashlib import sha256
from pathlib import Path

BLOCK_BYTES = 1_048_576
TREE_SIZES = [0, 1, 2, 3, 5, 7, 8, 1000]
PROVEN_LEAVES = {1: [0], 2: [0, 1], 3: [0, 1, 2], 5: [0, 3, 4], 7: [0, 3, 4, 5, 6], 8: [0, 7], 1000: [0, 1, 511, 512, 767, 999]}
FILE_SIZES = [0, 1, 8191, 8192, 8193, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 2 * BLOCK_BYTES + 12_345]


def leaf(block):
    return sha256(b"\x00" + block).digest()


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def tree_hash(leaves):
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def path(index, leaves):
    if len(leaves) <= 1:
        return []
    k = split(len(leaves))
    if index < k:
        return path(index, leaves[:k]) + [tree_hash(leaves[k:])]
    return path(index - k, leaves[k:]) + [tree_hash(leaves[:k])]


def tree(count):
    leaves = [leaf(b"ferry block %d" % index) for index in range(count)]
    return {
        "blockCount": count,
        "root": tree_hash(leaves).hex(),
        "proofs": [
            {
                "index": index,
                "leaf": leaves[index].hex(),
                "siblings": [sibling.hex() for sibling in path(index, leaves)],
            }
            for index in PROVEN_LEAVES.get(count, [])
        ],
    }


def file(size):
    stream = b"".join(sha256(struct.pack(">I", counter)).digest() for counter in range(-(-size // 32)))[:size]
    leaves = [leaf(stream[start : start + BLOCK_BYTES]) for start in range(0, size, BLOCK_BYTES)]
    return {
        "size": size,
        "blockHashes": [hash.hex() for hash in leaves],
        "fileId": tree_hash(leaves).hex(),
    }


def main():
    target = Path(__file__).with_name("merkle.json")
    vectors = {"trees": [tree(count) for count in TREE_SIZES], "files": [file(size) for size in FILE_SIZES]}
    if "--check" not in sys.argv:
        target.write_text(json.dumps(vectors, indent=2) + "\n")
    elif json.loads(target.read_text()) != vectors:
        sys.exit("merkle.json is not up to date")


main()
