import type { ProblemCode } from '@ferry/protocol';
import type { FileStoreErrorCode } from '@ferry/file-store';
import type { PeerErrorCode } from '../transport/peer-error';
import type { OfferErrorCode } from '../transfers/offers/offer-error';
import type { TransferErrorCode } from '../transfers/transfer-error';

/** What the disk refused. */
export const FILE_STORE_PROBLEMS: Readonly<Record<FileStoreErrorCode, ProblemCode>> = {
  NOT_FOUND: 'file-not-found',
  UNSAFE_NAME: 'unsafe-path',
  EXTENSION_NOT_ALLOWED: 'extension-not-allowed',
  TOO_LARGE: 'file-too-large',
  NO_SPACE: 'insufficient-storage',
  TOO_MANY: 'too-many-requests',
  CHANGED: 'file-changed',
  NAME_TAKEN: 'name-conflict',
  FOLDER_UNUSABLE: 'folder-unusable',
  NOT_READY: 'illegal-transition',
  HASH_MISMATCH: 'hash-mismatch',
  BAD_CURSOR: 'bad-cursor',
  LOCKED: 'internal',
  DAMAGED: 'internal',
  IO: 'internal',
};

/** What went wrong with another device. */
export const PEER_PROBLEMS: Readonly<Record<PeerErrorCode, ProblemCode>> = {
  ADDRESS_INVALID: 'validation',
  DNS_FAILED: 'peer-unreachable',
  UNREACHABLE: 'peer-unreachable',
  TIMEOUT: 'peer-unreachable',
  SESSION_CLOSED: 'peer-unreachable',
  TLS_FAILED: 'peer-refused',
  IDENTITY_MISMATCH: 'peer-identity',
  SELF: 'pairing-self',
  VERSION: 'peer-version',
  NOT_PAIRED: 'peer-untrusted',
  OFFLINE: 'peer-offline',
  NOT_FOUND: 'peer-not-found',
  PAIRING_NOT_FOUND: 'pairing-not-found',
  PAIRING_MALFORMED: 'pairing-malformed',
  PAIRING_EXPIRED: 'pairing-expired',
  PAIRING_WRONG: 'pairing-wrong-code',
  PAIRING_CLOSED: 'pairing-closed',
  PAIRING_BUSY: 'pairing-busy',
  PAIRING_OVER: 'illegal-transition',
  BLOCKED: 'peer-untrusted',
  SCAN_OFF: 'scan-off',
  RATE_LIMITED: 'too-many-requests',
  REMOTE: 'peer-refused',
};

export const TRANSFER_PROBLEMS: Readonly<Record<TransferErrorCode, ProblemCode>> = {
  NOT_FOUND: 'transfer-not-found',
  ILLEGAL_TRANSITION: 'illegal-transition',
  TOO_MANY_FILES: 'validation',
};

export const OFFER_PROBLEMS: Readonly<Record<OfferErrorCode, ProblemCode>> = {
  NOT_FOUND: 'offer-not-found',
  REFUSED: 'offer-refused',
  ANSWERED: 'offer-answered',
  EXPIRED: 'offer-expired',
  TOO_MANY: 'too-many-requests',
  TOO_MANY_FILES: 'validation',
  ILLEGAL_TRANSITION: 'illegal-transition',
};
