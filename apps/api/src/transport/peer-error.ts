import type { ProtocolErrorCode } from '@ferry/protocol';

export type PeerErrorCode =
  | 'ADDRESS_INVALID'
  | 'DNS_FAILED'
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'TLS_FAILED'
  | 'IDENTITY_MISMATCH'
  | 'SELF'
  | 'VERSION'
  | 'NOT_PAIRED'
  | 'OFFLINE'
  | 'NOT_FOUND'
  | 'PAIRING_NOT_FOUND'
  | 'PAIRING_MALFORMED'
  | 'PAIRING_EXPIRED'
  | 'PAIRING_WRONG'
  | 'PAIRING_CLOSED'
  | 'PAIRING_BUSY'
  | 'PAIRING_OVER'
  | 'BLOCKED'
  | 'SCAN_OFF'
  | 'RATE_LIMITED'
  | 'REMOTE'
  | 'SESSION_CLOSED';

export interface PeerErrorOptions extends ErrorOptions {
  /** What the peer answered, for REMOTE, NOT_PAIRED and VERSION. */
  readonly remoteCode?: ProtocolErrorCode;
}

/** Something between us and another device went wrong. The message tells a user what to do. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
  readonly remoteCode?: ProtocolErrorCode;

  constructor(
    readonly code: PeerErrorCode,
    message: string,
    options: PeerErrorOptions = {},
  ) {
    super(message, options);
    this.remoteCode = options.remoteCode;
  }
}
