import { MAX_WAITING_OFFERS, OFFER_LIFETIME_MS } from '@ferry/protocol';

/** Times and limits of offers. All of them are in docs/LIMITS.md. */
export interface OffersOptions {
  /** For how long an offer of ours can be answered. */
  readonly lifetimeMs: number;
  /** Unanswered offers of one peer, and of all together. */
  readonly maxWaitingPerPeer: number;
  readonly maxWaiting: number;
  /** Offers of ours that are unanswered or being pulled. */
  readonly maxOutgoing: number;
  /** Files and empty folders in all of these together. */
  readonly maxOutgoingEntries: number;
  /** Offers that are over and still listed, in each direction. */
  readonly maxRemembered: number;
  /** Files of an offer that is accepted without asking. */
  readonly maxAutoAcceptFiles: number;
  /** Offers of one peer that were accepted without asking and are not pulled yet. */
  readonly maxAutoAccepted: number;
  /** A peer may be gone for so long before what waits between us is over. */
  readonly offlineGraceMs: number;
  /** What the user waits for: the peer's answer to an offer, and its list of an accepted one. */
  readonly answerTimeoutMs: number;
  readonly listTimeoutMs: number;
  /** Between two questions how far the pulling of an accepted offer is. */
  readonly statusMs: number;
}

/** Injection token of `OffersOptions`. */
export const OFFERS_OPTIONS = Symbol('OFFERS_OPTIONS');

export const DEFAULT_OFFERS_OPTIONS: OffersOptions = Object.freeze({
  lifetimeMs: OFFER_LIFETIME_MS,
  maxWaitingPerPeer: MAX_WAITING_OFFERS,
  maxWaiting: 512,
  maxOutgoing: 100,
  maxOutgoingEntries: 500_000,
  maxRemembered: 200,
  maxAutoAcceptFiles: 10_000,
  maxAutoAccepted: 4,
  offlineGraceMs: 10_000,
  answerTimeoutMs: 10_000,
  listTimeoutMs: 60_000,
  statusMs: 2_000,
});
