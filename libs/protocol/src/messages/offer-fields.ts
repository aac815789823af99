import { MAX_OFFER_ID_CHARS } from '../limits';

/** Chosen by who makes the offer; means something between the two devices only. */
export const OFFER_ID_RULE = { min: 1, max: MAX_OFFER_ID_CHARS, pattern: /^[A-Za-z0-9-]+$/ };
