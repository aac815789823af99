export type TransferErrorCode = 'NOT_FOUND' | 'ILLEGAL_TRANSITION' | 'TOO_MANY_FILES';

/** A request about a transfer that cannot be carried out. */
export class TransferError extends Error {
  override readonly name = 'TransferError';

  constructor(
    readonly code: TransferErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
