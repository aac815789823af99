import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { type FileListQuery, MAX_PAGE_LIMIT } from '@ferry/protocol';
import { PagedList } from '../lists/paged-list';
import { Selection } from '../lists/selection';
import { EventStream } from '../live/event-stream';
import { PeersApi, type RemoteFile } from './peers-api';

/** The node takes no more for one transfer. */
export const MAX_SELECTED = 10_000;

/** What one peer shares, and which of it is chosen. Provided by the page that shows it. */
@Injectable()
export class RemoteFilesList {
  private readonly api = inject(PeersApi);
  private readonly peerId = signal('');
  private readonly query = signal<FileListQuery>({});
  private readonly list = new PagedList<RemoteFile>((page) =>
    this.api.files(this.peerId(), { ...this.query(), ...page }),
  );
  private readonly selection = new Selection<RemoteFile>();
  private selecting: object | undefined;

  readonly files = this.list.items;
  readonly total = this.list.total;
  readonly phase = this.list.phase;
  readonly error = this.list.error;
  readonly hasMore = this.list.hasMore;
  readonly selected = this.selection.items;
  readonly selectedBytes = this.selection.bytes;
  readonly isAllSelected = computed(() => this.selection.hasAll(this.files()));
  /** How many files `selectAll` would choose, where that is more than what is chosen now; else 0. */
  readonly selectable = computed(() => {
    const count = Math.min(this.total(), MAX_SELECTED);
    return this.isAllSelected() && this.hasMore() && this.selection.count() < count ? count : 0;
  });

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('peers.share-changed', ({ id }) => this.refreshOf(id)),
      stream.on('peers.changed', ({ id, state }) => this.cameOnline(id, state === 'online')),
      stream.on('resync', () => void this.refresh()),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  async show(peerId: string, query: FileListQuery): Promise<void> {
    this.selecting = undefined;
    if (peerId !== this.peerId()) this.clearSelection();
    this.peerId.set(peerId);
    this.query.set(query);
    await this.list.load();
  }

  reload(): Promise<void> {
    return this.refresh();
  }

  loadMore(): Promise<void> {
    return this.list.loadMore();
  }

  isSelected(id: string): boolean {
    return this.selection.has(id);
  }

  toggle(file: RemoteFile): void {
    this.selecting = undefined;
    this.selection.toggle(file);
  }

  /** Chooses all that is shown, or nothing. */
  toggleAll(): void {
    this.selecting = undefined;
    this.selection.toggleAll(this.files());
  }

  /**
   * Chooses all that the peer shares under this filter, also what is not shown yet, up to `MAX_SELECTED`.
   * What changes the list or the selection meanwhile ends it without effect.
   * @throws ProblemError
   */
  async selectAll(): Promise<void> {
    const files: RemoteFile[] = [];
    const selecting = (this.selecting = {});
    let cursor: string | undefined;
    do {
      const limit = Math.min(MAX_PAGE_LIMIT, MAX_SELECTED - files.length);
      const page = await this.api.files(this.peerId(), { ...this.query(), cursor, limit });
      if (this.selecting !== selecting) return;
      files.push(...page.items);
      cursor = page.items.length > 0 ? (page.nextCursor ?? undefined) : undefined;
    } while (cursor !== undefined && files.length < MAX_SELECTED);
    this.selection.add(files);
  }

  clearSelection(): void {
    this.selecting = undefined;
    this.selection.clear();
  }

  /** Reads again; what is not there any more cannot be chosen any more either. */
  private async refresh(): Promise<void> {
    if (this.peerId() === '') return; // the stream may begin before the page says whose files it shows
    const before = this.files();
    await this.list.refresh();
    if (this.phase() !== 'ready') return;
    const now = new Set(this.files().map(({ id }) => id));
    this.selection.remove(before.filter(({ id }) => !now.has(id)).map(({ id }) => id));
    this.selection.replace(this.files());
  }

  private refreshOf(peerId: string): void {
    if (peerId === this.peerId()) void this.refresh();
  }

  private cameOnline(peerId: string, isOnline: boolean): void {
    if (isOnline && this.phase() === 'failed') this.refreshOf(peerId);
  }
}
