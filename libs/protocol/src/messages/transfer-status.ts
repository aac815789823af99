import { TRANSFER_STATES, type TransferState } from '../http/transfers';
import { MessageReader } from './message-reader';
import { OFFER_ID_RULE } from './offer-fields';

/** Data of the request `transfer.status`: how far the pulling of an offer is, asked by who made it. */
export interface TransferStatusRequest {
  readonly offerId: string;
}

/** Answer to `transfer.status`. */
export interface TransferStatus {
  /** What is not known is read as `running`. `pending-approval` while nobody has answered the offer. */
  readonly state: TransferState;
  /** Bytes that are there. */
  readonly doneBytes: number;
  /** Bytes of what was accepted. */
  readonly totalBytes: number;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseTransferStatusRequest(value: unknown): TransferStatusRequest {
  const reader = new MessageReader('TransferStatusRequest', value);
  return { offerId: reader.text('offerId', OFFER_ID_RULE) };
}

/** @throws ProtocolError MALFORMED_MESSAGE, also for more bytes done than there are. */
export function parseTransferStatus(value: unknown): TransferStatus {
  const reader = new MessageReader('TransferStatus', value);
  const totalBytes = reader.integer('totalBytes', 0, Number.MAX_SAFE_INTEGER);
  return {
    state: reader.oneOf('state', TRANSFER_STATES, 'running'),
    doneBytes: reader.integer('doneBytes', 0, totalBytes),
    totalBytes,
  };
}
