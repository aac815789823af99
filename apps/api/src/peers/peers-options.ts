import {
  COMPARISON_LIFETIME_MS,
  DEFAULT_DEADLINES,
  INVITATION_LIFETIME_MS,
  MAX_OPEN_INVITATIONS,
  MAX_PAIRING_TRIES_PER_DEVICE,
  MAX_PAIRING_TRIES_PER_MINUTE,
  PAIRING_LOCK_OUT_MS,
  PAIRING_MODE_MS,
  REVEAL_TIMEOUT_MS,
  scaleDeadlines,
} from '@ferry/protocol';

/** Times and limits of the peers module. All of them are in docs/LIMITS.md. */
export interface PeersOptions {
  readonly invitationLifetimeMs: number;
  /** How long an expired invitation is known well enough to say so. */
  readonly expiredMemoryMs: number;
  readonly maxOpenInvitations: number;
  /** From the start of a comparison to the answers of both users. */
  readonly comparisonLifetimeMs: number;
  /** From the answer to `pair.start` to `pair.reveal`. */
  readonly revealTimeoutMs: number;
  /** How long pairing mode stays open. */
  readonly pairingModeMs: number;
  /** Wrong proofs, and separately comparisons begun, after which a device is locked out for `lockOutMs`. */
  readonly triesPerDevice: number;
  readonly lockOutMs: number;
  /** The same of all devices together in one minute. */
  readonly failuresPerMinute: number;
  readonly backOffFirstMs: number;
  readonly backOffMaxMs: number;
  /** Between dials of a peer that has forgotten this device. */
  readonly distrustedRetryMs: number;
  readonly heartbeatMs: number;
  readonly missedHeartbeats: number;
  /** One address; a peer's addresses are tried one after the other, each `dialStaggerMs` after the last. */
  readonly dialTimeoutMs: number;
  readonly dialStaggerMs: number;
  /** Addresses that a connection test tries, best first, each for `dialTimeoutMs` a step. */
  readonly maxTestedAddresses: number;
  /** How long the test measures the speed. */
  readonly probeMs: number;
  /** What an HTTP request waits for a peer's answer. */
  readonly answerTimeoutMs: number;
  /** Between two notices that a share changed. */
  readonly shareNoticeMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Injection token of `PeersOptions`. */
export const PEERS_OPTIONS = Symbol('PEERS_OPTIONS');

export const DEFAULT_PEERS_OPTIONS: PeersOptions = Object.freeze({
  invitationLifetimeMs: INVITATION_LIFETIME_MS,
  expiredMemoryMs: 10 * 60_000,
  maxOpenInvitations: MAX_OPEN_INVITATIONS,
  comparisonLifetimeMs: COMPARISON_LIFETIME_MS,
  revealTimeoutMs: REVEAL_TIMEOUT_MS,
  pairingModeMs: PAIRING_MODE_MS,
  triesPerDevice: MAX_PAIRING_TRIES_PER_DEVICE,
  lockOutMs: PAIRING_LOCK_OUT_MS,
  failuresPerMinute: MAX_PAIRING_TRIES_PER_MINUTE,
  backOffFirstMs: 500,
  backOffMaxMs: 30_000,
  distrustedRetryMs: 10 * 60_000,
  heartbeatMs: DEFAULT_DEADLINES.heartbeatMs,
  missedHeartbeats: 2,
  dialTimeoutMs: 5_000,
  dialStaggerMs: 300,
  maxTestedAddresses: 6,
  probeMs: 2_000,
  answerTimeoutMs: 10_000,
  shareNoticeMs: 1_000,
  now: Date.now,
});

/** @param timeScale what the deadlines of sessions are multiplied by; pairing is done by people and keeps its times. */
export function peersOptions(timeScale: number): PeersOptions {
  return Object.freeze({ ...DEFAULT_PEERS_OPTIONS, heartbeatMs: scaleDeadlines(timeScale).heartbeatMs });
}
