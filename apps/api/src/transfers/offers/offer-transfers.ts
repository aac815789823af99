import { Database, FileStore } from '@ferry/file-store';
import type { Transfer, TransferState } from '@ferry/protocol';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { insertTransfer, insertTransferFiles } from '../insert-transfer';
import { DRAFT_STATE, type TransferRow } from '../transfer-rows';
import { TransfersRepository } from '../transfers.repository';
import { TransfersService } from '../transfers.service';
import { TransferDraft } from './transfer-draft';

/** The transfers that incoming offers became. */
@Injectable()
export class OfferTransfers implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly repository: TransfersRepository,
    private readonly transfers: TransfersService,
    private readonly store: FileStore,
  ) {}

  /** Deletes drafts that a crash left. */
  onApplicationBootstrap(): void {
    for (const id of this.repository.idsIn([DRAFT_STATE])) this.repository.delete(id);
  }

  /** A transfer of an offer's files, to be filled page by page. */
  draft(peerId: string, offerId: string): TransferDraft {
    const id = insertTransfer(this.database, { peerId, state: DRAFT_STATE, offerId });
    return new TransferDraft({
      check: (file) => this.store.checkIncoming(file),
      store: (position, files) => this.database.batch(() => insertTransferFiles(this.database, id, position, files)),
      finish: (figures) => {
        this.repository.update(id, { ...figures, state: 'queued' });
        return this.transfers.begin(this.repository.find(id) as TransferRow);
      },
      discard: () => this.repository.delete(id),
    });
  }

  /** Of the transfer of an accepted offer; nothing once the user has removed it. */
  stateOf({ transferId }: { transferId?: string }): TransferState | undefined {
    return transferId === undefined ? undefined : this.repository.find(transferId)?.state;
  }

  /** The transfer of a peer's offer, also of one accepted before the last start; nothing once the user has removed it. */
  find(peerId: string, offerId: string): Transfer | undefined {
    const row = this.database
      .prepare(
        `SELECT id FROM transfers WHERE offerId = ? AND peerId = ? AND state <> '${DRAFT_STATE}' ORDER BY seq DESC LIMIT 1`,
      )
      .get(offerId, peerId);
    return row && this.transfers.get(row['id'] as string);
  }
}
