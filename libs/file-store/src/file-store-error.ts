export type FileStoreErrorCode =
  | 'NOT_FOUND'
  | 'UNSAFE_NAME'
  | 'EXTENSION_NOT_ALLOWED'
  | 'TOO_LARGE'
  | 'NO_SPACE'
  | 'TOO_MANY'
  | 'CHANGED'
  | 'NAME_TAKEN'
  | 'FOLDER_UNUSABLE'
  | 'NOT_READY'
  | 'HASH_MISMATCH'
  | 'BAD_CURSOR'
  | 'LOCKED'
  | 'DAMAGED'
  | 'IO';

const SQLITE_FULL = 13;

/** Everything that the file store refuses or fails at. Messages hold no absolute path; `cause` may. */
export class FileStoreError extends Error {
  override readonly name = 'FileStoreError';
  /** Of `NO_SPACE`, where it is known. */
  readonly missingBytes: number | undefined;

  constructor(
    readonly code: FileStoreErrorCode,
    message: string,
    options?: ErrorOptions & { readonly missingBytes?: number },
  ) {
    super(message, options);
    this.missingBytes = options?.missingBytes;
  }
}

/** The `code` of a system error (`ENOENT`), `undefined` for anything else. */
export function systemCode(error: unknown): string | undefined {
  // not `instanceof Error`: errors of node's own modules come from another realm under jest
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns a system error into `NO_SPACE` or `IO`; passes `FileStoreError` and `AbortError` through. */
export function asStoreError(error: unknown, doing: string): Error {
  if (error instanceof FileStoreError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || isDatabaseFull(error)) {
    return new FileStoreError('NO_SPACE', `The disk is full (${doing})`, {
      cause: error,
    });
  }
  return new FileStoreError('IO', `${code ?? 'Error'} while ${doing}`, { cause: error });
}

function isDatabaseFull(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_FULL;
}
