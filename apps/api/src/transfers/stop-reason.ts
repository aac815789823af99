import { FileStoreError, type FileStoreErrorCode } from '@ferry/file-store';
import { ProtocolError, type ProblemCode, type ProtocolErrorCode, type TransferState } from '@ferry/protocol';
import { PeerError, type PeerErrorCode } from '../transport/peer-error';
import { shownName } from './shown-name';
import type { FileFault } from './transfers.repository';

/** Why a run ended before its transfer was complete, and what becomes of the transfer. */
export interface StopReason {
  /** `paused`: until there is space. */
  readonly state: Extract<TransferState, 'failed' | 'waiting-for-peer' | 'paused'>;
  readonly code: ProblemCode;
  /** One sentence for the user. */
  readonly detail: string;
}

const STORE: Record<FileStoreErrorCode, ProblemCode> = {
  NOT_FOUND: 'file-not-found',
  UNSAFE_NAME: 'unsafe-path',
  EXTENSION_NOT_ALLOWED: 'extension-not-allowed',
  TOO_LARGE: 'file-too-large',
  NO_SPACE: 'insufficient-storage',
  TOO_MANY: 'internal',
  CHANGED: 'file-changed',
  NAME_TAKEN: 'name-conflict',
  FOLDER_UNUSABLE: 'folder-unusable',
  NOT_READY: 'starting',
  HASH_MISMATCH: 'hash-mismatch',
  BAD_CURSOR: 'internal',
  LOCKED: 'internal',
  DAMAGED: 'internal',
  IO: 'internal',
};

/** Faults of the way to the peer: they pass by themselves when it is there again. */
const PASSING: Partial<Record<PeerErrorCode, ProblemCode>> = {
  DNS_FAILED: 'peer-unreachable',
  UNREACHABLE: 'peer-unreachable',
  TIMEOUT: 'peer-unreachable',
  TLS_FAILED: 'peer-refused',
  IDENTITY_MISMATCH: 'peer-identity',
  OFFLINE: 'peer-offline',
  SESSION_CLOSED: 'peer-unreachable',
  RATE_LIMITED: 'too-many-requests',
};

const SQLITE_FULL = 13;

/** What a peer answers when it is only busy. */
const BUSY: readonly ProtocolErrorCode[] = ['BUSY', 'TOO_MANY_REQUESTS', 'TIMEOUT'];

const REMOTE: Partial<Record<ProtocolErrorCode, { code: ProblemCode; detail: string }>> = {
  UNKNOWN_FILE: { code: 'file-not-found', detail: 'The peer does not offer this file any more.' },
  FILE_CHANGED: {
    code: 'file-changed',
    detail: 'The file changed on the peer while it was read. Retry to get it as it is now.',
  },
  NOT_PAIRED: {
    code: 'peer-untrusted',
    detail: 'The peer does not trust this device any more. Pair again, then retry.',
  },
};

const REMOVED = 'The peer was removed from this device. Pair with it again, then get the files anew.';

/** Faults of our store that concern one file; the others would meet every file. */
const FILE_FAULTS: readonly FileStoreErrorCode[] = [
  'UNSAFE_NAME',
  'NAME_TAKEN',
  'EXTENSION_NOT_ALLOWED',
  'TOO_LARGE',
  'HASH_MISMATCH',
  'CHANGED',
];

/** Answers that concern one file. */
const REMOTE_FILE_FAULTS: readonly ProtocolErrorCode[] = ['UNKNOWN_FILE', 'FILE_CHANGED', 'INVALID_RANGE', 'INTERNAL'];

/** @returns why one file cannot be received while the others may go on; `undefined` when the error concerns more than that file. */
export function fileFault(error: unknown): FileFault | undefined {
  const isOfFile =
    (error instanceof FileStoreError && FILE_FAULTS.includes(error.code)) ||
    (error instanceof PeerError && error.remoteCode !== undefined && REMOTE_FILE_FAULTS.includes(error.remoteCode)) ||
    error instanceof ProtocolError;
  return isOfFile ? stopReason(error) : undefined;
}

/** Puts any error of a run into words. Unknown ones are a defect of ours: `internal`. */
export function stopReason(error: unknown): StopReason {
  if (error instanceof FileStoreError) {
    const detail =
      error.code === 'HASH_MISMATCH' ? 'The peer sent data that is not this file. It was thrown away.' : error.message;
    return { state: error.code === 'NO_SPACE' ? 'paused' : 'failed', code: STORE[error.code], detail };
  }
  if (isDatabaseFull(error))
    return { state: 'paused', code: STORE.NO_SPACE, detail: 'The disk of the database is full.' };
  if (error instanceof PeerError) return peerReason(error);
  if (error instanceof ProtocolError)
    return { state: 'failed', code: 'peer-refused', detail: `The peer broke the protocol: ${error.message}` };
  return {
    state: 'failed',
    code: 'internal',
    detail: 'An unexpected error stopped this transfer; the log of this device has the details.',
  };
}

function isDatabaseFull(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_FULL;
}

function peerReason(error: PeerError): StopReason {
  const passing = PASSING[error.code];
  if (passing) return { state: 'waiting-for-peer', code: passing, detail: error.message };
  if (error.code === 'NOT_FOUND') return { state: 'failed', code: 'peer-not-found', detail: REMOVED };
  if (error.code === 'BLOCKED') return { state: 'failed', code: 'peer-untrusted', detail: error.message };
  if (error.code === 'NOT_PAIRED')
    return { state: 'failed', ...(REMOTE.NOT_PAIRED as { code: ProblemCode; detail: string }) };
  const remoteCode = error.remoteCode;
  if (remoteCode && BUSY.includes(remoteCode))
    return { state: 'waiting-for-peer', code: 'too-many-requests', detail: error.message };
  const known = remoteCode && REMOTE[remoteCode];
  return { state: 'failed', ...(known ?? { code: 'peer-refused', detail: error.message }) };
}

/** Why a transfer failed whose other files, if it has any, are complete. @param failures the first one, and how many. */
export function summaryOf(failures: FileFault & { count: number; path: string }, filesTotal: number): FileFault {
  const { count, path, code, detail } = failures;
  return {
    code,
    detail: filesTotal === 1 ? detail : `${count} of ${filesTotal} files failed. ${shownName(path)}: ${detail}`,
  };
}
