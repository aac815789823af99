import type { Offer, OfferState, TransferState } from '@ferry/protocol';
import type { OfferProgress } from './offer-progress';
import type { OfferedEntries } from './offered-entries';
import type { ShownEntries } from './shown-entries';

interface OfferBasics {
  /** Grows with each offer. */
  readonly seq: number;
  /** Of this device, for its HTTP API. */
  readonly id: string;
  readonly peerId: string;
  /** Between the two devices; chosen by who makes the offer. */
  readonly offerId: string;
  readonly count: number;
  readonly bytes: number;
  readonly message?: string;
  readonly lifetimeMs: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  state: OfferState;
}

export interface IncomingOffer extends OfferBasics {
  readonly direction: 'in';
  readonly shown: ShownEntries;
  /** Its files are being listed; nobody else may answer it meanwhile. */
  isBeingAccepted: boolean;
  /** It is accepted by itself, not by the user. */
  readonly isUnasked: boolean;
  transferId?: string;
}

export interface OutgoingOffer extends OfferBasics {
  readonly direction: 'out';
  readonly entries: OfferedEntries;
  readonly progress: OfferProgress;
  /** Of the receiver's transfer, as far as it told. */
  transferState?: TransferState;
  /** Ends the peer's right to read these entries because of this offer. */
  release: () => void;
}

export type OfferRecord = IncomingOffer | OutgoingOffer;

/** An offer as the API shows it. */
export function toOffer(offer: OfferRecord): Offer {
  const { id, direction, peerId, state, count, bytes, message, createdAt, lifetimeMs } = offer;
  return {
    id,
    direction,
    peerId,
    state,
    files: { count, bytes },
    ...(message !== undefined && { message }),
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(createdAt + lifetimeMs).toISOString(),
    ...(offer.direction === 'in' && offer.transferId !== undefined && { transferId: offer.transferId }),
    ...(offer.direction === 'out' && state === 'accepted' && progressOf(offer)),
  };
}

function progressOf({ progress, transferState }: OutgoingOffer): Partial<Offer> {
  const { doneBytes, acceptedBytes } = progress;
  return { doneBytes, acceptedBytes, ...(transferState !== undefined && { transferState }) };
}
