import { FileStoreError, asStoreError, systemCode } from '../file-store-error';

const REASONS: Readonly<Record<string, string>> = {
  EROFS: 'the file system is read-only',
  EACCES: 'this node has no right to change it',
  EPERM: 'this node has no right to change it',
  EBUSY: 'the system is using it',
  ETXTBSY: 'the system is using it',
  EXDEV: 'it lies on another file system than the folder it is listed in',
};

/** Turns what the system answers to a move into words that the user can act on: `FOLDER_UNUSABLE`, else as `asStoreError`. */
export function asMoveError(error: unknown, doing: string): Error {
  const code = systemCode(error);
  const reason = error instanceof FileStoreError ? undefined : REASONS[code ?? ''];
  if (reason === undefined) return asStoreError(error, doing);
  return new FileStoreError('FOLDER_UNUSABLE', `It failed while ${doing}: ${reason} (${code ?? ''})`, { cause: error });
}
