import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { ListQuery } from '@ferry/protocol';
import { PagedList } from '../lists/paged-list';
import { EventStream } from '../live/event-stream';
import { PeersApi, type RemoteFile } from './peers-api';

/** What one peer shares, and which of it is chosen. Provided by the page that shows it. */
@Injectable()
export class RemoteFilesList {
  private readonly api = inject(PeersApi);
  private readonly peerId = signal('');
  private readonly query = signal<ListQuery>({});
  private readonly list = new PagedList<RemoteFile>((page) =>
    this.api.files(this.peerId(), { ...this.query(), ...page }),
  );
  private readonly chosen = signal<ReadonlySet<string>>(new Set());

  readonly files = this.list.items;
  readonly total = this.list.total;
  readonly phase = this.list.phase;
  readonly error = this.list.error;
  readonly hasMore = this.list.hasMore;
  readonly selected = computed(() => this.files().filter((file) => this.chosen().has(file.id)));
  readonly selectedBytes = computed(() => this.selected().reduce((sum, { size }) => sum + size, 0));
  readonly isAllSelected = computed(() => this.files().length > 0 && this.selected().length === this.files().length);

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('peers.share-changed', ({ id }) => this.refreshOf(id)),
      stream.on('peers.changed', ({ id, state }) => this.cameOnline(id, state === 'online')),
      stream.on('resync', () => void this.list.refresh()),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  async show(peerId: string, query: ListQuery): Promise<void> {
    if (peerId !== this.peerId()) this.clearSelection();
    this.peerId.set(peerId);
    this.query.set(query);
    await this.list.load();
  }

  reload(): Promise<void> {
    return this.list.refresh();
  }

  loadMore(): Promise<void> {
    return this.list.loadMore();
  }

  isSelected(id: string): boolean {
    return this.chosen().has(id);
  }

  toggle(id: string): void {
    this.chosen.update((chosen) => {
      const next = new Set(chosen);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }

  /** Chooses all that is loaded, or nothing. */
  toggleAll(): void {
    this.chosen.set(this.isAllSelected() ? new Set() : new Set(this.files().map(({ id }) => id)));
  }

  clearSelection(): void {
    this.chosen.set(new Set());
  }

  private refreshOf(peerId: string): void {
    if (peerId === this.peerId()) void this.list.refresh();
  }

  private cameOnline(peerId: string, isOnline: boolean): void {
    if (isOnline && this.phase() === 'failed') this.refreshOf(peerId);
  }
}
