import { FileStoreError } from '@ferry/file-store';
import { shownName } from '../shown-name';
import { fileFault } from '../stop-reason';
import type { NewTransferFile } from '../transfers.repository';

/**
 * Marks the files that `check` refuses; they fail, the others are pulled.
 * @throws FileStoreError naming the first file when all are refused: there is nothing to begin.
 */
export function markRefused(
  files: readonly NewTransferFile[],
  check: (file: NewTransferFile) => unknown,
): NewTransferFile[] {
  const refusals = files.map((file) => refusalOf(file, check));
  const [first] = refusals;
  if (first && refusals.every((refusal) => refusal !== undefined)) {
    throw new FileStoreError(first.code, `${shownName(files[0]?.path)}: ${first.message}`, { cause: first });
  }
  return files.map((file, place) => ({ ...file, ...(refusals[place] && { fault: fileFault(refusals[place]) }) }));
}

function refusalOf(file: NewTransferFile, check: (file: NewTransferFile) => unknown): FileStoreError | undefined {
  try {
    check(file);
    return undefined;
  } catch (error) {
    if (error instanceof FileStoreError) return error;
    throw error;
  }
}
