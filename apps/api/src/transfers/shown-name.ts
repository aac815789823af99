import { displayText, MAX_ENTRY_NAME_CHARS } from '@ferry/protocol';

/** The last component of a peer's path, safe to show; the folders before it may be anything. */
export function shownName(path = ''): string {
  return displayText(path.slice(path.lastIndexOf('/') + 1), MAX_ENTRY_NAME_CHARS);
}
