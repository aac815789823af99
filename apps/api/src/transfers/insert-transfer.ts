import { randomUUID } from 'node:crypto';
import type { Database } from '@ferry/file-store';
import type { ConflictRule, TransferState } from '@ferry/protocol';
import type { NewTransferFile } from './transfers.repository';

interface NewTransfer {
  readonly peerId: string;
  readonly state: TransferState;
  readonly onConflict: ConflictRule;
  /** The peer's id of the offer that it comes from. */
  readonly offerId?: string;
}

/** Stores a transfer without files, name and totals. @returns its id. */
export function insertTransfer(database: Database, { peerId, state, onConflict, offerId }: NewTransfer): string {
  const id = randomUUID();
  database
    .prepare(
      `INSERT INTO transfers (id, peerId, state, name, filesTotal, totalBytes, createdAt, offerId, onConflict)
       VALUES (?, ?, ?, '', 0, 0, ?, ?, ?)`,
    )
    .run(id, peerId, state, new Date().toISOString(), offerId ?? null, onConflict);
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
    `INSERT INTO transfer_files (transferId, position, entryId, path, kind, size, fileId, state, errorCode, errorDetail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  files.forEach(({ entryId, path, kind, size, fileId, fault = { code: null, detail: null } }, place) => {
    const state = fault.code === null ? 'pending' : 'failed';
    insert.run(transferId, firstPosition + place, entryId, path, kind, size, fileId, state, fault.code, fault.detail);
  });
}
