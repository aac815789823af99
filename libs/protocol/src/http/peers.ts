/** `nearby`: seen, not paired; `pending`: known by address, not paired; the others are paired. */
export type PeerState = 'online' | 'offline' | 'nearby' | 'pending';

export interface PeerPermissions {
  readonly seeMyFiles: boolean;
  readonly sendToMe: boolean;
}

/** Another device that this node knows. Source: DESIGN section 6. */
export interface Peer {
  /** Device id, equal to the other node's `/status` `device.id`. */
  readonly id: string;
  /** The name the user gave it here, else its own. */
  readonly name: string;
  readonly state: PeerState;
  readonly paired: boolean;
  /** `host:port`, last good one first. */
  readonly addresses: readonly string[];
  /** ISO 8601. */
  readonly lastSeenAt?: string;
  readonly latencyMs?: number;
  /** Wire protocol, for example `ferry/1`. */
  readonly protocol: string;
  readonly permissions: PeerPermissions;
  /** The last problem in words. */
  readonly lastError?: string;
}

export interface AddPeerRequest {
  /** `host:port`, IPv6 in brackets. */
  readonly address: string;
}

export interface UpdatePeerRequest {
  readonly name?: string;
}

export type ConnectionStep = 'dns' | 'tcp' | 'tls' | 'identity' | 'latency';

/** Result of `POST /peers/{id}/test`. */
export interface PeerTestResult {
  readonly reachable: boolean;
  /** Median of five round trips; `null` when unreachable. */
  readonly latencyMs: number | null;
  readonly throughputBps?: number;
  /** The first step that failed, in words. */
  readonly error?: string;
  readonly failedStep?: ConnectionStep;
}

export type PairingState = 'open' | 'comparing' | 'paired' | 'failed' | 'expired';

export interface Pairing {
  readonly id: string;
  readonly state: PairingState;
  readonly peerId?: string;
  /** `ferry://pair?...`; only on the inviting side while open. */
  readonly uri?: string;
  readonly sas?: {
    readonly digits: string;
    readonly symbols: readonly string[];
  };
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Exactly one of the two. */
export interface ClaimPairingRequest {
  readonly uri?: string;
  readonly address?: string;
}
