import { randomUUID } from 'node:crypto';
import type { Database } from '@ferry/file-store';
import type { TransferState } from '@ferry/protocol';
import type { NewTransferFile } from './transfers.repository';

interface NewTransfer {
  readonly peerId: string;
  readonly state: TransferState;
  /** The peer's id of the offer that it comes from. */
  readonly offerId?: string;
}

/** Stores a transfer without files, name and totals. @returns its id. */
export function insertTransfer(database: Database, { peerId, state, offerId }: NewTransfer): string {
  const id = randomUUID();
  database
    .prepare(
      `INSERT INTO transfers (id, peerId, state, name, filesTotal, totalBytes, createdAt, offerId)
       VALUES (?, ?, ?, '', 0, 0, ?, ?)`,
    )
    .run(id, peerId, state, new Date().toISOString(), offerId ?? null);
  return id;
}

/** Stores files of a transfer from `firstPosition` on. */
export function insertTransferFiles(
  database: Database,
  transferId: string,
  firstPosition: number,
  files: readonly NewTransferFile[],
): void {
  const insert = database.prepare(
    `INSERT INTO transfer_files (transferId, position, entryId, path, size, fileId, state, errorCode, errorDetail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  files.forEach(({ entryId, path, size, fileId, fault }, place) => {
    const state = fault ? 'failed' : 'pending';
    const position = firstPosition + place;
    insert.run(transferId, position, entryId, path, size, fileId, state, fault?.code ?? null, fault?.detail ?? null);
  });
}
