/** Control, format (bidi marks, zero width), lone surrogate and private code points, line and paragraph separators. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * Text of a remote made safe for one line of a log or a page: unsafe code points become spaces, runs of spaces one,
 * and what exceeds `maxChars` code points is cut. HTML is left to who renders it.
 */
export function displayText(text: string, maxChars: number): string {
  // Cut first: 60 KiB of text must not cost more than a name.
  const head = text
    .slice(0, maxChars * 4)
    .replace(UNSAFE, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return [...head].slice(0, maxChars).join('').trim();
}
