/** `nearby`: seen on the network, not known; `pending`: known, not paired; the others are paired. */
export type PeerState = 'online' | 'offline' | 'nearby' | 'pending';

/** What a paired peer may do here. */
export interface PeerPermissions {
  /** It may list and pull what its visibility lets it see. */
  readonly seeMyFiles: boolean;
  /** It may make offers. */
  readonly sendToMe: boolean;
  /** Offers of at most so many bytes are accepted without asking; 0 = always ask. */
  readonly autoAcceptBytes: number;
  /** It is refused whatever it wants, and not dialled. Unpaired devices can be blocked as well. */
  readonly blocked: boolean;
}

/** Another device that this node knows or sees. Source: DESIGN section 6. */
export interface Peer {
  /** Device id, equal to the other node's `/status` `device.id`; of a `nearby` one the first 14 characters that it announces. */
  readonly id: string;
  /** The name the user gave it here, else its own. */
  readonly name: string;
  readonly state: PeerState;
  readonly paired: boolean;
  /** `host:port`, last good one first. */
  readonly addresses: readonly string[];
  /** Where it announces itself on this network now; a hint, dialled only when the user asks for it. */
  readonly seenAt: readonly string[];
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

/** What is absent stays as it is. */
export interface UpdatePeerRequest {
  readonly name?: string;
  readonly permissions?: Partial<PeerPermissions>;
}

/** Steps of a connection test, in their order. */
export const CONNECTION_STEPS = ['dns', 'tcp', 'tls', 'identity', 'latency', 'throughput'] as const;

export type ConnectionStep = (typeof CONNECTION_STEPS)[number];

export interface ConnectionStepResult {
  readonly step: ConnectionStep;
  readonly ok: boolean;
  /** How long it took. */
  readonly ms: number;
  /** What was found, or what failed and what to do, in words. */
  readonly detail: string;
}

/** Result of `POST /peers/{id}/test`. */
export interface PeerTestResult {
  readonly reachable: boolean;
  /** Median of five round trips; `null` when unreachable. */
  readonly latencyMs: number | null;
  /** Bytes a second from the peer to this device, measured for at most two seconds; paired peers only. */
  readonly throughputBps?: number;
  /** The first step that failed, in words. */
  readonly error?: string;
  readonly failedStep?: ConnectionStep;
  /** The address that was tested, `host:port`. */
  readonly address?: string;
  /** Every step that was taken; the first that failed is the last. */
  readonly steps: readonly ConnectionStepResult[];
}

/** Result of `POST /peers/scan`: how much was looked at; what was found is listed as `nearby`. */
export interface ScanResult {
  /** Subnets looked at, for example `192.168.1.0/24`. */
  readonly subnets: readonly string[];
  readonly probed: number;
  readonly found: number;
}

export type PairingState = 'open' | 'comparing' | 'paired' | 'failed' | 'expired';

/** Short authentication string: both devices show the same, or somebody is between them. */
export interface PairingSas {
  /** Six. */
  readonly digits: string;
  /** Four names out of `SAS_SYMBOLS`. */
  readonly symbols: readonly string[];
}

export interface Pairing {
  readonly id: string;
  readonly state: PairingState;
  readonly peerId?: string;
  /** The name the peer gives itself; a claim. */
  readonly peerName?: string;
  /** Who asked for a comparison: this device (`out`) or the peer (`in`). */
  readonly direction?: 'in' | 'out';
  /** `ferry://pair?...`; only on the inviting side while open. */
  readonly uri?: string;
  /** To be compared by both users; only while comparing. */
  readonly sas?: PairingSas;
  /** Whose user has said that they match, while comparing. */
  readonly confirmed?: { readonly here: boolean; readonly there: boolean };
  /** Why it failed, in words. */
  readonly error?: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Exactly one of the two. */
export interface ClaimPairingRequest {
  readonly uri?: string;
  readonly address?: string;
}

/** `false`: the users saw different values. */
export interface ConfirmPairingRequest {
  readonly match: boolean;
}

/** Whether devices may ask this one to compare; closes by itself. */
export interface PairingMode {
  readonly open: boolean;
  /** ISO 8601; present while open. */
  readonly until?: string;
}
