import { Database, FileStore } from '@ferry/file-store';
import type { ConflictRule } from '@ferry/protocol';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { insertTransfer, insertTransferFiles } from '../insert-transfer';
import { DRAFT_STATE, type TransferRow } from '../transfer-rows';
import { TransfersRepository } from '../transfers.repository';
import { TransfersService } from '../transfers.service';
import { ListedEntries } from './listed-entries';
import { TransferDraft } from './transfer-draft';

export interface DraftRequest {
  readonly peerId: string;
  readonly onConflict: ConflictRule;
  /** The peer's id of the offer that it comes from. */
  readonly offerId?: string;
}

/** Makes transfers whose files are not all known yet. */
@Injectable()
export class TransferDrafts implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly repository: TransfersRepository,
    private readonly transfers: TransfersService,
    private readonly store: FileStore,
  ) {}

  /** Deletes what a crash left of drafts, and of transfers that were being deleted. */
  async onApplicationBootstrap(): Promise<void> {
    for (const id of this.repository.idsIn([DRAFT_STATE])) await this.repository.delete(id);
  }

  /** A transfer to be filled page by page, and the place for what is listed on the way. */
  open(request: DraftRequest): { readonly draft: TransferDraft; readonly listed: ListedEntries } {
    const id = insertTransfer(this.database, { ...request, state: DRAFT_STATE });
    const draft = new TransferDraft({
      checkFile: (file) => this.store.checkIncoming(file),
      store: (position, files) => this.database.batch(() => insertTransferFiles(this.database, id, position, files)),
      finish: (figures) => {
        this.repository.update(id, { ...figures, state: 'queued' });
        return this.transfers.begin(this.repository.find(id) as TransferRow);
      },
      discard: () => this.repository.delete(id),
    });
    return { draft, listed: new ListedEntries(this.database, id) };
  }
}
