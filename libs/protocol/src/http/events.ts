import type { FileEntry } from './files';
import type { Offer } from './offers';
import type { Pairing, PairingMode, Peer } from './peers';
import type { Settings } from './settings';
import type { Transfer } from './transfers';

/** `[transfer id, done bytes, bytes per second, eta seconds or null, verified bytes]`. */
export type TransferProgressItem = readonly [string, number, number, number | null, number];

/** Data of each event type of `GET /events` (server-sent events). Source: UX section 3.5. */
export interface NodeEvents {
  /** First event of every connection. */
  'node.hello': { readonly epoch: string; readonly version: string };
  /** Too far behind to replay: read everything again. */
  resync: Record<string, never>;
  'files.added': FileEntry;
  'files.changed': FileEntry;
  'files.removed': { readonly id: string; readonly scope: FileEntry['scope'] };
  /** Something was put into the trash, taken out of it or deleted for good. */
  'trash.changed': Record<string, never>;
  'settings.changed': Settings;
  'peers.added': Peer;
  'peers.changed': Peer;
  'peers.removed': { readonly id: string };
  /** The peer's share changed: its remote list is stale. */
  'peers.share-changed': { readonly id: string };
  'pairings.changed': Pairing;
  'pairing-mode.changed': PairingMode;
  'offers.added': Offer;
  'offers.changed': Offer;
  'transfers.added': Transfer;
  'transfers.changed': Transfer;
  'transfers.removed': { readonly id: string };
  /** One batch, at most four a second. */
  'transfers.progress': { readonly items: readonly TransferProgressItem[] };
}

export type NodeEventType = keyof NodeEvents;

/** What the `data:` line of an event holds, as JSON. */
export interface NodeEventEnvelope<T extends NodeEventType = NodeEventType> {
  /** ISO 8601. */
  readonly at: string;
  readonly data: NodeEvents[T];
}
