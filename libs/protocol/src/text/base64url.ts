const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** RFC 4648 section 5 without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0x3fff;
    for (bits += 8; bits >= 6; bits -= 6) text += ALPHABET[(pending >>> (bits - 6)) & 63];
  }
  return bits === 0 ? text : text + ALPHABET[(pending << (6 - bits)) & 63];
}

/** The bytes of canonical base64url without padding; `undefined` when `text` is not that. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let filled = 0;
  let bits = 0;
  let pending = 0;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value === -1) return undefined;
    pending = ((pending << 6) | value) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[filled++] = pending >>> bits;
  }
  // Left-over bits must be 0, or one value would have several texts.
  return toBase64Url(bytes) === text ? bytes : undefined;
}
