import { Database } from '@ferry/file-store';
import type { ConflictRule, Transfer, TransferState } from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import type { TransferDraft } from '../drafts/transfer-draft';
import { TransferDrafts } from '../drafts/transfer-drafts';
import { SettingsService } from '../../settings/settings.service';
import { DRAFT_STATE } from '../transfer-rows';
import { TransfersRepository } from '../transfers.repository';
import { TransfersService } from '../transfers.service';

/** The transfers that incoming offers became. */
@Injectable()
export class OfferTransfers {
  constructor(
    private readonly database: Database,
    private readonly repository: TransfersRepository,
    private readonly transfers: TransfersService,
    private readonly drafts: TransferDrafts,
    private readonly settings: SettingsService,
  ) {}

  /** A transfer of an offer's files, to be filled page by page. @param onConflict default: the setting. */
  draft(peerId: string, offerId: string, onConflict?: ConflictRule): TransferDraft {
    const rule = onConflict ?? this.settings.current().onConflict;
    return this.drafts.open({ peerId, offerId, onConflict: rule }).draft;
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
