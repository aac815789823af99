import { createHash } from 'node:crypto';
import type { Sha256 } from '../src/content/merkle';
import { fromHex } from '../src/text/hex';

/** Bytes of a dump whose lines are hex digits, spaces and a `#` comment. */
export function hexdump(text: string): Uint8Array {
  return fromHex(text.replace(/#.*$/gm, '').replace(/\s/g, ''));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export const sha256: Sha256 = (parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
