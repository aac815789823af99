import { FileStore } from '@ferry/file-store';
import type { ListQuery, Page, Transfer, TransferFile, TransferState } from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import { EventsService } from '../events/events.service';
import type { PageCursor } from './transfer-pages';
import { TransferQueue } from './transfer-queue';
import { TransferRegister } from './transfer-register';
import { stagingKey, type TransferRow } from './transfer-rows';
import { INTERRUPTED_STATES, isFinal } from './transfer-state';
import { toTransfer, toTransferFile } from './transfer-view';
import { NO_ERROR, TransfersRepository } from './transfers.repository';

/** Going on by themselves, now or later. */
const UNDER_WAY: readonly TransferState[] = ['queued', ...INTERRUPTED_STATES];

/** What the user can do with transfers. */
@Injectable()
export class TransfersService {
  constructor(
    private readonly repository: TransfersRepository,
    private readonly register: TransferRegister,
    private readonly queue: TransferQueue,
    private readonly store: FileStore,
    private readonly events: EventsService,
  ) {}

  /** Announces a transfer that was stored just now, and starts it when there is room. */
  begin(row: TransferRow): Transfer {
    const transfer = toTransfer(row);
    this.events.publish('transfers.added', transfer);
    this.queue.fill();
    return transfer;
  }

  /** @throws TransferError NOT_FOUND */
  get(id: string): Transfer {
    return toTransfer(this.register.get(id), this.queue.meterOf(id));
  }

  /** Newest first. */
  list(query: ListQuery & { states?: readonly TransferState[] }): Page<Transfer> {
    const page = this.repository.list(query);
    return { ...page, items: page.items.map((row) => toTransfer(row, this.queue.meterOf(row.id))) };
  }

  /** In the order of the request. @throws TransferError NOT_FOUND */
  files(id: string, query: PageCursor): Page<TransferFile> {
    this.register.get(id);
    const page = this.repository.listFiles(id, query);
    return { ...page, items: page.items.map(toTransferFile) };
  }

  /** Keeps what is verified. @throws TransferError NOT_FOUND, ILLEGAL_TRANSITION */
  async pause(id: string): Promise<Transfer> {
    // One that waits for space is paused already, and does not go on by itself any more.
    if (this.repository.waitingForSpace().includes(id)) this.register.note(id, NO_ERROR);
    else this.register.become(id, 'paused');
    await this.queue.stop(id);
    return this.get(id);
  }

  /** Goes on from the verified blocks, after a pause or a failure; asking twice is not an error. @throws TransferError NOT_FOUND, ILLEGAL_TRANSITION */
  resume(id: string): Transfer {
    if (!UNDER_WAY.includes(this.register.get(id).state)) {
      this.register.become(id, 'queued', { ...NO_ERROR, finishedAt: null });
      this.repository.resetFailed(id);
      this.queue.fill();
    }
    return this.get(id);
  }

  /** Cancels an unfinished transfer (it stays readable); takes a finished one off the list. Published files stay. @throws TransferError NOT_FOUND */
  async remove(id: string): Promise<void> {
    const isFinished = isFinal(this.register.get(id).state);
    if (!isFinished) this.register.become(id, 'cancelled', { ...NO_ERROR, finishedAt: new Date().toISOString() });
    await this.queue.stop(id);
    for (const position of this.repository.unfinishedPositions(id))
      await this.store.staging.discard(stagingKey({ transferId: id, position }));
    if (!isFinished) return this.repository.update(id, { verifiedBytes: this.repository.sums(id).completeBytes });
    await this.repository.delete(id);
    this.events.publish('transfers.removed', { id });
  }

  /** @returns how many transfers are under way or will go on by themselves. */
  activeCount(): number {
    return this.repository.count(UNDER_WAY) + this.repository.waitingForSpace().length;
  }
}
