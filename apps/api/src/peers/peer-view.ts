import type { Peer, PeerPermissions } from '@ferry/protocol';
import type { PeerRecord } from './peer-record';
import { shownLatencyMs } from './shown-latency';

const PROTOCOL = 'ferry/1';

/** What is true of a peer at this moment. */
export interface PeerMoment {
  readonly isOnline: boolean;
  readonly latencyMs?: number;
  readonly seenAt: readonly string[];
  readonly permissions: PeerPermissions;
}

/** What is shown of a known device. */
export function toPeer(
  { isPaired, ...record }: PeerRecord,
  { isOnline, latencyMs, seenAt, permissions }: PeerMoment,
): Peer {
  return {
    ...record,
    state: !isPaired ? 'pending' : isOnline ? 'online' : 'offline',
    paired: isPaired,
    protocol: PROTOCOL,
    seenAt,
    permissions,
    ...(isOnline && { lastSeenAt: new Date().toISOString() }),
    ...(latencyMs !== undefined && { latencyMs: shownLatencyMs(latencyMs) }),
  };
}
