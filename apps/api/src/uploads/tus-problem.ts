import { ERRORS } from '@tus/server';
import { FileStoreError } from '@ferry/file-store';
import type { ProblemCode } from '@ferry/protocol';
import { ProblemError } from '../http/problem-error';

type Refusal = readonly [ProblemCode, string];

/** The library throws plain objects; these it can throw here. */
const LIBRARY = new Map<unknown, Refusal>([
  [ERRORS.FILE_NOT_FOUND, ['upload-not-found', 'There is no such upload. Begin it anew.']],
  [ERRORS.FILE_NO_LONGER_EXISTS, ['upload-not-found', 'The upload has expired. Begin it anew.']],
  [ERRORS.INVALID_OFFSET, ['upload-conflict', 'The upload is at another offset. Ask for it with HEAD.']],
  [ERRORS.ERR_SIZE_EXCEEDED, ['file-too-large', 'There are more bytes than Upload-Length announced.']],
  [ERRORS.ERR_MAX_SIZE_EXCEEDED, ['file-too-large', 'The file is larger than Tus-Max-Size.']],
  [ERRORS.MISSING_OFFSET, ['validation', 'The header Upload-Offset is missing.']],
  [ERRORS.INVALID_LENGTH, ['validation', 'Send either Upload-Length or Upload-Defer-Length: 1, once.']],
  [ERRORS.UNSUPPORTED_CONCATENATION_EXTENSION, ['validation', 'Uploads cannot be joined: send no Upload-Concat.']],
  [ERRORS.ABORTED, ['upload-conflict', 'The request was broken off; what came before is kept.']],
]);

/** What of the store has another name here. */
const STORE: Partial<Record<FileStoreError['code'], ProblemCode>> = {
  NOT_FOUND: 'upload-not-found',
  CHANGED: 'upload-conflict',
};

/** The problem that an error of the library or the store is; others stay what they are. */
export function asTusProblem(error: unknown): unknown {
  if (error instanceof FileStoreError) {
    const code = STORE[error.code];
    return code ? new ProblemError(code, `${error.message}.`, undefined, { cause: error }) : error;
  }
  const [code, detail] = LIBRARY.get(error) ?? (isTooMuch(error) ? LIBRARY.get(ERRORS.ERR_SIZE_EXCEEDED) : []) ?? [];
  return code && detail ? new ProblemError(code, detail) : error;
}

/** Found by the library while the bytes came; its class is not exported. */
function isTooMuch(error: unknown): boolean {
  return error instanceof Error && 'status_code' in error && error.status_code === 413;
}
