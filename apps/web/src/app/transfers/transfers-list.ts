import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { Transfer, TransferState } from '@ferry/protocol';
import { PagedList } from '../lists/paged-list';
import { EventStream } from '../live/event-stream';
import { TransfersApi } from './transfers-api';
import { withProgress } from './with-progress';

/** One listing of transfers and history, kept live. Provided by the page that shows it. */
@Injectable()
export class TransfersList {
  private readonly api = inject(TransfersApi);
  private readonly states = signal<readonly TransferState[] | undefined>(undefined);
  private readonly hidden = signal<ReadonlySet<string>>(new Set());
  private readonly list = new PagedList<Transfer>((page) => this.api.list({ states: this.states(), ...page }));

  readonly transfers = computed(() => this.list.items().filter(({ id }) => !this.hidden().has(id)));
  readonly phase = this.list.phase;
  readonly error = this.list.error;
  readonly hasMore = this.list.hasMore;

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

  /** @param states any of these; all when left out. */
  async show(states?: readonly TransferState[]): Promise<void> {
    this.states.set(states);
    await this.list.load();
  }

  reload(): Promise<void> {
    return this.list.refresh();
  }

  loadMore(): Promise<void> {
    return this.list.loadMore();
  }

  remove(id: string): void {
    this.list.remove(id);
  }

  /** Takes transfers out of sight while the user may still change their mind. */
  hide(ids: readonly string[]): void {
    this.hidden.update((hidden) => new Set([...hidden, ...ids]));
  }

  unhide(ids: readonly string[]): void {
    const shown = new Set(ids);
    this.hidden.update((hidden) => new Set([...hidden].filter((id) => !shown.has(id))));
  }

  /** A transfer that changed its state may have to come into this list, or to leave it. */
  apply(transfer: Transfer): void {
    const states = this.states();
    if (this.phase() === 'loading') return;
    if (!states || states.includes(transfer.state)) this.list.prepend(transfer);
    else this.list.remove(transfer.id);
  }
}
