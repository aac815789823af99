import type { ConflictRule } from './files';
import type { TransferState } from './transfers';

/** Offers are made between online peers; what is not answered expires. */
export type OfferState = 'waiting' | 'accepted' | 'declined' | 'withdrawn' | 'expired' | 'queued';

/** "I would like to send you these files." Source: DESIGN section 6. */
export interface Offer {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly peerId: string;
  readonly state: OfferState;
  readonly files: { readonly count: number; readonly bytes: number };
  readonly message?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** The transfer that pulls it; of an incoming, accepted offer. */
  readonly transferId?: string;
  /** Bytes that the receiver has verified, as far as it told; of an outgoing, accepted offer. */
  readonly doneBytes?: number;
  /** Bytes of the files that were accepted; of an outgoing, accepted offer. */
  readonly acceptedBytes?: number;
  /** Of the transfer that pulls it, as far as the receiver told; of an outgoing, accepted offer. */
  readonly transferState?: TransferState;
}

export interface MakeOfferRequest {
  readonly peerIds: readonly string[];
  readonly entryIds: readonly string[];
  readonly message?: string;
}

export interface AcceptOfferRequest {
  /** Some of the offer's entries; absent: all. */
  readonly entryIds?: readonly string[];
  /** Default: the setting. */
  readonly onConflict?: ConflictRule;
}
