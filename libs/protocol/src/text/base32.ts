/** RFC 4648 base32 alphabet; a character's index is its value. */
export const BASE32_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 section 6 without padding. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32_ALPHABET[(pending >>> (bits - 5)) & 31];
    pending &= 31; // fewer than 5 bits are left
  }
  return bits === 0 ? text : text + BASE32_ALPHABET[(pending << (5 - bits)) & 31];
}

/** The bytes of canonical base32 without padding; `undefined` when `text` is not that. */
export function fromBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let filled = 0;
  let bits = 0;
  let pending = 0;
  for (const char of text) {
    const value = BASE32_ALPHABET.indexOf(char);
    if (value === -1) return undefined;
    pending = ((pending << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[filled++] = pending >>> bits;
  }
  // Left-over bits must be 0, or one value would have several texts.
  return toBase32(bytes) === text ? bytes : undefined;
}
