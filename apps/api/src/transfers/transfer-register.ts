import { Injectable } from '@nestjs/common';
import type { TransferState } from '@ferry/protocol';
import { EventsService } from '../events/events.service';
import { TransferError } from './transfer-error';
import type { TransferRow } from './transfer-rows';
import { canBecome } from './transfer-state';
import { toTransfer } from './transfer-view';
import { TransfersRepository, type TransferPatch } from './transfers.repository';

/** The only place that changes a transfer's state: checks the step, stores it, tells the world. */
@Injectable()
export class TransferRegister {
  constructor(
    private readonly repository: TransfersRepository,
    private readonly events: EventsService,
  ) {}

  /** @throws TransferError NOT_FOUND */
  get(id: string): TransferRow {
    const row = this.repository.find(id);
    if (!row) throw new TransferError('NOT_FOUND', `There is no transfer ${id.slice(0, 64)}.`);
    return row;
  }

  /** @throws TransferError NOT_FOUND, ILLEGAL_TRANSITION */
  become(id: string, state: TransferState, patch: TransferPatch = {}): TransferRow {
    const { state: from } = this.get(id);
    if (!canBecome(from, state))
      throw new TransferError('ILLEGAL_TRANSITION', `A transfer that is ${from} cannot become ${state}.`);
    return this.write(id, { ...patch, state });
  }

  /** What there is to say of a transfer besides its state. @throws TransferError NOT_FOUND */
  note(id: string, patch: TransferPatch): void {
    this.write(id, { ...patch, state: this.get(id).state });
  }

  /** Start-up only: the run that owned this transfer ended with the process. @param verifiedBytes what the disk holds of it. */
  recover(id: string, verifiedBytes: number): void {
    this.write(id, { state: 'queued', verifiedBytes });
  }

  private write(id: string, patch: TransferPatch & { state: TransferState }): TransferRow {
    this.repository.update(id, patch);
    const row = this.get(id);
    this.events.publish('transfers.changed', toTransfer(row));
    return row;
  }
}
