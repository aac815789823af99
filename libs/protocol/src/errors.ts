/** Wire values (u16) are frozen: append, never renumber. Source: PROTOCOL.md section 8. */
export const WIRE_CODES = {
  UNSUPPORTED_VERSION: 1,
  FRAME_TOO_LARGE: 2,
  MALFORMED_FRAME: 3,
  MALFORMED_MESSAGE: 4,
  UNEXPECTED_MESSAGE: 5,
  UNKNOWN_PATTERN: 6,
  NOT_PAIRED: 7,
  UNKNOWN_FILE: 8,
  FILE_CHANGED: 9,
  INVALID_RANGE: 10,
  CANCELLED: 11,
  TOO_MANY_REQUESTS: 12,
  PAIRING_REJECTED: 13,
  PAIRING_EXPIRED: 14,
  BUSY: 15,
  TIMEOUT: 16,
  INTERNAL: 17,
  FILE_NOT_READY: 18,
  PAIRING_CLOSED: 19,
  OFFER_REFUSED: 20,
  UNKNOWN_OFFER: 21,
} as const;

export type ProtocolErrorCode = keyof typeof WIRE_CODES;

/** The remote broke the protocol, told us that we did, or refused a request. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  constructor(
    readonly code: ProtocolErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The number that stands for `code` in ERROR and GOODBYE. */
  get wireCode(): number {
    return WIRE_CODES[this.code];
  }
}

const CODES = new Map(Object.entries(WIRE_CODES).map(([code, wire]) => [wire as number, code as ProtocolErrorCode]));

/** The code of a wire number; `INTERNAL` for numbers of a later version. */
export function codeFromWire(wireCode: number): ProtocolErrorCode {
  return CODES.get(wireCode) ?? 'INTERNAL';
}
