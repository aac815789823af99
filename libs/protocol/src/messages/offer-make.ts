import { ProtocolError } from '../errors';
import { MAX_CONTROL_BYTES, MAX_OFFER_FILES, MAX_OFFER_LIFETIME_MS, MAX_OFFER_MESSAGE_CHARS } from '../limits';
import { displayText } from '../text/display-text';
import { MessageReader } from './message-reader';
import { OFFER_ID_RULE } from './offer-fields';

/** Data of the request `offer.make`: "I would like to send you these files." Source: PROTOCOL.md section 6. */
export interface OfferMake {
  readonly offerId: string;
  /** Files and empty folders, 1..100,000; their list is asked for by `offer.files`. */
  readonly count: number;
  /** Sum of their sizes. */
  readonly bytes: number;
  /** At most 1,024 code points, safe to show; absent when nothing is left of it. */
  readonly message?: string;
  /** For how long it can be answered. */
  readonly lifetimeMs: number;
}

/** @throws ProtocolError MALFORMED_MESSAGE; OFFER_REFUSED for no files or too many. An over-long or unsafe message is cut and cleaned. */
export function parseOfferMake(value: unknown): OfferMake {
  const reader = new MessageReader('OfferMake', value);
  const count = reader.integer('count', 0, Number.MAX_SAFE_INTEGER);
  const message = displayText(
    reader.optionalText('message', { max: MAX_CONTROL_BYTES }) ?? '',
    MAX_OFFER_MESSAGE_CHARS,
  );
  const offer = {
    offerId: reader.text('offerId', OFFER_ID_RULE),
    count,
    bytes: reader.integer('bytes', 0, Number.MAX_SAFE_INTEGER),
    ...(message === '' ? {} : { message }),
    lifetimeMs: reader.integer('lifetimeMs', 1, MAX_OFFER_LIFETIME_MS),
  };
  if (count < 1 || count > MAX_OFFER_FILES) {
    throw new ProtocolError('OFFER_REFUSED', `an offer of ${count} files, allowed 1 to ${MAX_OFFER_FILES}`);
  }
  return offer;
}
