import { DestroyRef, Injectable, inject } from '@angular/core';
import type { TrashItem } from '@ferry/protocol';
import { PagedList } from '../lists/paged-list';
import { EventStream } from '../live/event-stream';
import { TrashApi } from './trash-api';

/** What lies in the trash, kept live. Provided by the page that shows it. */
@Injectable()
export class TrashList {
  private readonly api = inject(TrashApi);
  private readonly list = new PagedList<TrashItem>((page) => this.api.list(page));

  readonly items = this.list.items;
  readonly total = this.list.total;
  readonly phase = this.list.phase;
  readonly error = this.list.error;
  readonly hasMore = this.list.hasMore;

  constructor() {
    const stream = inject(EventStream);
    const stops = (['trash.changed', 'resync'] as const).map((type) => stream.on(type, () => void this.list.refresh()));
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
    void this.list.load();
  }

  reload(): Promise<void> {
    return this.list.refresh();
  }

  loadMore(): Promise<void> {
    return this.list.loadMore();
  }

  async restore(id: string): Promise<void> {
    await this.api.restore(id);
    this.list.remove(id);
  }

  async purge(id: string): Promise<void> {
    await this.api.purge(id);
    this.list.remove(id);
  }

  async empty(): Promise<void> {
    await this.api.empty();
    await this.list.refresh();
  }
}
