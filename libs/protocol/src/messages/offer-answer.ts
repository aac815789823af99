import { MessageReader } from './message-reader';
import { OFFER_ID_RULE } from './offer-fields';

/** Data of the request `offer.answer`, from who got the offer. Its answer is `{}`. */
export interface OfferAnswer {
  readonly offerId: string;
  /** Of all or some of the files; `false`: none is wanted. */
  readonly accept: boolean;
}

/** Data of the event `offer.withdrawn`, from who made the offer. */
export interface OfferWithdrawn {
  readonly offerId: string;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseOfferAnswer(value: unknown): OfferAnswer {
  const reader = new MessageReader('OfferAnswer', value);
  return { offerId: reader.text('offerId', OFFER_ID_RULE), accept: reader.flag('accept') };
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseOfferWithdrawn(value: unknown): OfferWithdrawn {
  const reader = new MessageReader('OfferWithdrawn', value);
  return { offerId: reader.text('offerId', OFFER_ID_RULE) };
}
