import type { FileEntry } from '@ferry/protocol';
import { formatCount } from '../format/format-count';

export interface VisibilityLabel {
  readonly icon: string;
  readonly text: string;
}

/**
 * Who may see an entry, in two words.
 * @param nameOf the name of a peer: one chosen peer is named.
 */
export function visibilityLabel(
  { visibility, visibleTo = [] }: Pick<FileEntry, 'visibility' | 'visibleTo'>,
  nameOf: (peerId: string) => string,
): VisibilityLabel {
  const [only, ...others] = visibleTo;
  if (visibility === 'all-paired') return { icon: 'bi-people', text: 'All paired' };
  if (visibility === 'none' || only === undefined) return { icon: 'bi-lock', text: 'Nobody' };
  const text = others.length === 0 ? nameOf(only) : formatCount(visibleTo.length, 'peer');
  return { icon: 'bi-person-check', text };
}
