import type { Peer } from '@ferry/protocol';
import type { PeerRecord } from './peer-record';
import { shownLatencyMs } from './shown-latency';

const PROTOCOL = 'ferry/1';
/** Of a device that is not paired. */
const NOTHING = { seeMyFiles: false, sendToMe: false, autoAcceptBytes: 0 };

/** What is true of a peer at this moment. */
export interface PeerMoment {
  readonly isOnline: boolean;
  readonly latencyMs?: number;
  readonly seenAt: readonly string[];
}

/** What is shown of a known device. */
export function toPeer(
  { isPaired, permissions, ...record }: PeerRecord,
  { isOnline, latencyMs, seenAt }: PeerMoment,
): Peer {
  return {
    ...record,
    state: !isPaired ? 'pending' : isOnline ? 'online' : 'offline',
    paired: isPaired,
    protocol: PROTOCOL,
    seenAt,
    permissions: isPaired ? permissions : { ...permissions, ...NOTHING },
    ...(isOnline && { lastSeenAt: new Date().toISOString() }),
    ...(latencyMs !== undefined && { latencyMs: shownLatencyMs(latencyMs) }),
  };
}
