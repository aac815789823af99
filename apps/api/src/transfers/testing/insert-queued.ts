import type { Database } from '@ferry/file-store';
import { insertTransfer, insertTransferFiles } from '../insert-transfer';
import type { TransferRow } from '../transfer-rows';
import type { NewTransferFile, TransfersRepository } from '../transfers.repository';

/** A queued transfer with its files, as a draft leaves it. */
export function insertQueued(
  database: Database,
  repository: TransfersRepository,
  name: string,
  files: readonly NewTransferFile[],
): TransferRow {
  return database.transaction(() => {
    const id = insertTransfer(database, { peerId: 'PEER', state: 'queued', onConflict: 'keep-both' });
    insertTransferFiles(database, id, 0, files);
    repository.update(id, { name, filesTotal: files.length, totalBytes: repository.sums(id).totalBytes });
    return repository.find(id) as TransferRow;
  });
}
