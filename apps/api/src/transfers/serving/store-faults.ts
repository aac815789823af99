import { FileStoreError, type FileStoreErrorCode } from '@ferry/file-store';
import { ProtocolError, type ProtocolErrorCode } from '@ferry/protocol';

/** What a peer is told of a fault of our disk; no code says more than it may know. */
const WIRE: Record<FileStoreErrorCode, ProtocolErrorCode> = {
  NOT_FOUND: 'UNKNOWN_FILE',
  NOT_READY: 'FILE_NOT_READY',
  CHANGED: 'FILE_CHANGED',
  BAD_CURSOR: 'MALFORMED_MESSAGE',
  UNSAFE_NAME: 'INTERNAL',
  EXTENSION_NOT_ALLOWED: 'INTERNAL',
  TOO_LARGE: 'INTERNAL',
  NO_SPACE: 'INTERNAL',
  TOO_MANY: 'INTERNAL',
  HASH_MISMATCH: 'INTERNAL',
  NAME_TAKEN: 'INTERNAL',
  FOLDER_UNUSABLE: 'INTERNAL',
  LOCKED: 'INTERNAL',
  DAMAGED: 'INTERNAL',
  IO: 'INTERNAL',
};

/** Runs `work` on the store; its faults leave as protocol errors. Works for values and promises. */
export function asProtocolError<T>(work: () => T): T {
  try {
    const result = work();
    return (result instanceof Promise ? result.catch(translate) : result) as T;
  } catch (error) {
    return translate(error);
  }
}

function translate(error: unknown): never {
  if (error instanceof FileStoreError) throw new ProtocolError(WIRE[error.code], error.message, { cause: error });
  throw error;
}
