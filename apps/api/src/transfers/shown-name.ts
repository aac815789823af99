import { displayText, MAX_ENTRY_NAME_CHARS } from '@ferry/protocol';

/** The last component of a peer's path, safe to show; the folders before it may be anything. */
export function shownName(path = ''): string {
  return displayText(path.slice(path.lastIndexOf('/') + 1), MAX_ENTRY_NAME_CHARS);
}

/** What a transfer of `count` files is called, after the path of its first one. */
export function transferName(firstPath: string | undefined, count: number): string {
  const name = shownName(firstPath);
  return count === 1 ? name : `${name} and ${count - 1} more`;
}
