import { setImmediate as nextTurn } from 'node:timers/promises';
import { HASH_BYTES } from '@ferry/protocol';

const NONE = -1;
/** The largest prime below 2^32. */
const PRIME = 4_294_967_291;
const HALF_WORDS = HASH_BYTES / 2;
/** Blocks looked at in one turn of the event loop, some 5 ms. */
const BLOCKS_PER_TURN = 32_768;

/**
 * Of these blocks the first of each content, in order: one that repeats needs to come once. Takes 12 to 16 bytes of memory a block.
 * @param hashes 32 bytes for every block of the file.
 */
export async function firstOfEach(blocks: readonly number[], hashes: Uint8Array): Promise<number[]> {
  if (blocks.length < 2) return [...blocks];
  const slots = 2 ** Math.ceil(Math.log2(blocks.length));
  const heads = new Int32Array(slots).fill(NONE);
  const nexts = new Int32Array(blocks.length);
  const slotOf = randomKey(hashes, slots);
  const firsts: number[] = [];
  for (const [at, block] of blocks.entries()) {
    if (at % BLOCKS_PER_TURN === BLOCKS_PER_TURN - 1) await nextTurn();
    const slot = slotOf(block);
    let other = heads[slot] as number;
    while (other !== NONE && !isSame(hashes, block, firsts[other] as number)) other = nexts[other] as number;
    if (other !== NONE) continue;
    nexts[firsts.length] = heads[slot] as number;
    heads[slot] = firsts.length;
    firsts.push(block);
  }
  return firsts;
}

/**
 * Universal hashing (Carter and Wegman) with a key drawn anew: a peer that chooses the hashes of its file cannot choose many
 * that meet in one slot. All sums stay below 2^53.
 */
function randomKey(hashes: Uint8Array, slots: number): (block: number) => number {
  const key = Float64Array.from(crypto.getRandomValues(new Uint32Array(HALF_WORDS)), (word) => word % PRIME);
  return (block) => {
    let sum = 0;
    for (let word = 0, byte = block * HASH_BYTES; word < HALF_WORDS; word++, byte += 2) {
      sum += (key[word] as number) * (((hashes[byte] as number) << 8) | (hashes[byte + 1] as number));
    }
    return (sum % PRIME) % slots;
  };
}

function isSame(hashes: Uint8Array, a: number, b: number): boolean {
  for (let byte = 0; byte < HASH_BYTES; byte++) {
    if (hashes[a * HASH_BYTES + byte] !== hashes[b * HASH_BYTES + byte]) return false;
  }
  return true;
}
