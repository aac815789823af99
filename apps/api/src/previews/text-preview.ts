import type { EntryReader } from '@ferry/file-store';

/** As much of a text as is shown. docs/LIMITS.md. */
export const MAX_TEXT_BYTES = 256 * 1024;

/** A file may end, or be cut, in the middle of a character of up to four bytes. */
const LONGEST_CHARACTER = 4;
/** Of text in any encoding that is not UTF-8, and of binary files: control characters other than white space and escape. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f]/;
/** What pages and drawings begin with; as text they would be harmless, but nobody should rely on that. */
const MARKUP = /^\s*(<!--|<(\?xml|!doctype|html|head|body|script|iframe|svg)[\s>/])/i;
const MARKUP_TYPES = /^(text\/html|image\/svg\+xml|.*[/+]xml)$/;

/**
 * The beginning of a UTF-8 text, cut between two characters.
 * @returns undefined when it is something else: not UTF-8, binary, or a page or image in markup (HTML, SVG, XML).
 * @throws FileStoreError CHANGED, IO
 */
export async function readText(reader: EntryReader): Promise<Uint8Array | undefined> {
  if (MARKUP_TYPES.test(reader.entry.mediaType)) return undefined;
  const bytes = new Uint8Array(Math.min(MAX_TEXT_BYTES, reader.size));
  await reader.read(bytes, 0);
  const isCut = bytes.length < reader.size;
  const whole = isCut ? bytes.subarray(0, lastBoundary(bytes)) : bytes;
  const text = decode(whole);
  return text === undefined || NOT_TEXT.test(text) || MARKUP.test(text) ? undefined : whole;
}

/** Where the last whole character of UTF-8 ends. */
function lastBoundary(bytes: Uint8Array): number {
  for (let back = 1; back <= LONGEST_CHARACTER; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    const isStart = byte < 0x80 || byte >= 0xc0;
    if (isStart) return byte < 0x80 ? bytes.length : bytes.length - back;
  }
  return bytes.length; // not UTF-8 at all
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
