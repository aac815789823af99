import { FileStoreError } from '@ferry/file-store';
import { shownName } from '../shown-name';
import { fileFault } from '../stop-reason';
import type { NewTransferFile } from '../transfers.repository';

/** Marks the files that `check` refuses; they fail, the others are pulled. */
export function markRefused(
  files: readonly NewTransferFile[],
  check: (file: NewTransferFile) => unknown,
): NewTransferFile[] {
  return files.map((file) => {
    const refusal = refusalOf(file, check);
    return refusal ? { ...file, fault: fileFault(refusal) } : file;
  });
}

/** @throws FileStoreError naming the first file when all are refused: there is nothing to begin. */
export function assertSomeAccepted(files: readonly NewTransferFile[], check: (file: NewTransferFile) => unknown): void {
  const [first] = files;
  if (!first || files.some(({ fault }) => !fault)) return;
  const refusal = refusalOf(first, check);
  if (refusal)
    throw new FileStoreError(refusal.code, `${shownName(first.path)}: ${refusal.message}`, { cause: refusal });
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
