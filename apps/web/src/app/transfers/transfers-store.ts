import { DestroyRef, Injectable, computed, inject } from '@angular/core';
import type { CreateTransferRequest, Transfer } from '@ferry/protocol';
import { PagedList } from '../lists/paged-list';
import { EventStream } from '../live/event-stream';
import { percentOf } from '../ui/percent-of';
import { ACTIVE_STATES, isFinal } from './transfer-look';
import { TransfersApi } from './transfers-api';
import { withProgress } from './with-progress';

/** The unfinished transfers, for the whole page, and what can be done with any transfer. */
@Injectable({ providedIn: 'root' })
export class TransfersStore {
  private readonly api = inject(TransfersApi);
  private readonly list = new PagedList<Transfer>((page) => this.api.list({ states: ACTIVE_STATES, ...page }));

  readonly active = this.list.items;
  readonly activeCount = this.list.total;
  readonly phase = this.list.phase;
  readonly error = this.list.error;
  readonly bytesPerSecond = computed(() => this.active().reduce((sum, transfer) => sum + transfer.bytesPerSecond, 0));
  /** Of all unfinished ones together; `null` when there is none. */
  readonly percent = computed(() => {
    const active = this.active();
    if (active.length === 0) return null;
    const total = (field: 'doneBytes' | 'totalBytes'): number => active.reduce((sum, one) => sum + one[field], 0);
    return percentOf(total('doneBytes'), total('totalBytes'));
  });

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('transfers.added', (transfer) => this.apply(transfer)),
      stream.on('transfers.changed', (transfer) => this.apply(transfer)),
      stream.on('transfers.removed', ({ id }) => this.list.remove(id)),
      stream.on('transfers.progress', ({ items }) => {
        for (const item of items) this.list.update(item[0], (transfer) => withProgress(transfer, item));
      }),
      stream.on('resync', () => void this.list.refresh()),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  load(): Promise<void> {
    return this.list.load();
  }

  async create(request: CreateTransferRequest): Promise<void> {
    this.apply(await this.api.create(request));
  }

  async pause(id: string): Promise<Transfer> {
    return this.apply(await this.api.setState(id, 'paused'));
  }

  async resume(id: string): Promise<Transfer> {
    return this.apply(await this.api.setState(id, 'running'));
  }

  async retry(id: string): Promise<Transfer> {
    return this.apply(await this.api.retry(id));
  }

  /** Cancels an unfinished transfer; takes a finished one off the list. */
  async remove(id: string): Promise<void> {
    await this.api.remove(id);
    this.list.remove(id);
  }

  private apply(transfer: Transfer): Transfer {
    if (isFinal(transfer)) this.list.remove(transfer.id);
    else this.list.prepend(transfer);
    return transfer;
  }
}
