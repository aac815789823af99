import type { NodeEventType } from '@ferry/protocol';

/** Every type of the stream, as a record so that a new one without a line here fails to compile. */
const TYPES: Record<NodeEventType, true> = {
  'node.hello': true,
  resync: true,
  'files.added': true,
  'files.changed': true,
  'files.removed': true,
  'trash.changed': true,
  'settings.changed': true,
  'peers.added': true,
  'peers.changed': true,
  'peers.removed': true,
  'peers.share-changed': true,
  'pairings.changed': true,
  'pairing-mode.changed': true,
  'offers.added': true,
  'offers.changed': true,
  'transfers.added': true,
  'transfers.changed': true,
  'transfers.removed': true,
  'transfers.progress': true,
};

export const EVENT_TYPES = Object.keys(TYPES) as readonly NodeEventType[];
