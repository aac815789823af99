import type { Peer } from '@ferry/protocol';
import { shownName } from '../format/shown-name';
import type { ComparisonTarget } from './comparison-start';

/** A listed device to compare with: where it is seen now comes before where it was. */
export function peerTarget({ id, name, seenAt, addresses }: Peer): ComparisonTarget {
  return { peerId: id, name: shownName(name), addresses: [...new Set([...seenAt, ...addresses])] };
}
