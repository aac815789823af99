import { FileStoreError } from '../file-store-error';

/** For names that are known to be safe: what is refused about one then is that something else stands where a folder is needed. */
export function asTaken(error: unknown): unknown {
  const isInTheWay = error instanceof FileStoreError && error.code === 'UNSAFE_NAME';
  return isInTheWay ? new FileStoreError('NAME_TAKEN', error.message, { cause: error }) : error;
}
