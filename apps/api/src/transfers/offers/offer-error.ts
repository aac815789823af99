export type OfferErrorCode =
  'NOT_FOUND' | 'REFUSED' | 'ANSWERED' | 'EXPIRED' | 'TOO_MANY' | 'TOO_MANY_FILES' | 'ILLEGAL_TRANSITION';

/** A request about an offer that cannot be carried out. The message tells a user what to do. */
export class OfferError extends Error {
  override readonly name = 'OfferError';

  constructor(
    readonly code: OfferErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
