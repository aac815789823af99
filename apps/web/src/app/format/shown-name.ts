import { displayText } from '@ferry/protocol';

/** No name or path that a disk can hold is longer. */
const MAX_CHARS = 4096;

/**
 * A name or path of a file, as it may be shown: without control characters, and without the marks that reverse text
 * and so make `exe.txt` out of `txt.exe`. Requests take the name as it is.
 */
export function shownName(name: string): string {
  return displayText(name, MAX_CHARS) || 'unnamed file';
}
