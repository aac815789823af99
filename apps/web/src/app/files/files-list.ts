import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { PagedList } from '../lists/paged-list';
import { Selection } from '../lists/selection';
import { EventStream } from '../live/event-stream';
import { FilesApi, type FilesQuery } from './files-api';
import { parentFolder } from './parent-folder';

export const NEWEST_FIRST = '-addedAt';

const GATHER_MS = 300;

/** One listing of files, kept live. Provided by the page that shows it. */
@Injectable()
export class FilesList {
  private readonly api = inject(FilesApi);
  private readonly list = new PagedList<FileEntry>((page) => this.api.list({ ...this.query(), ...page }));
  private readonly shownQuery = signal<FilesQuery>({ scope: 'all', sort: NEWEST_FIRST });
  private readonly unseen = signal(0);
  private gathering: ReturnType<typeof setTimeout> | undefined;

  readonly selection = new Selection<FileEntry>();
  readonly query = this.shownQuery.asReadonly();
  readonly files = this.list.items;
  readonly total = this.list.total;
  readonly phase = this.list.phase;
  readonly error = this.list.error;
  readonly hasMore = this.list.hasMore;
  readonly isEmpty = this.list.isEmpty;
  /** Files that came while the user was reading further down: shown on request, so that nothing jumps. */
  readonly newFiles = this.unseen.asReadonly();

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('files.added', (file) => this.added(file)),
      stream.on('files.changed', (file) => this.changed(file)),
      stream.on('files.removed', ({ id }) => this.forget(id)),
      stream.on('resync', () => void this.list.refresh()),
    ];
    inject(DestroyRef).onDestroy(() => {
      stops.forEach((stop) => stop());
      clearTimeout(this.gathering);
    });
  }

  async show(query: FilesQuery): Promise<void> {
    if (query.scope !== this.query().scope) this.selection.clear();
    this.shownQuery.set(query);
    this.unseen.set(0);
    await this.list.load();
  }

  async reload(): Promise<void> {
    this.unseen.set(0);
    await this.list.refresh();
  }

  loadMore(): Promise<void> {
    return this.list.loadMore();
  }

  /** Takes out what was deleted, before the node tells it. */
  forget(id: string): void {
    this.list.remove(id);
    this.selection.remove([id]);
  }

  private changed(file: FileEntry): void {
    this.list.replace(file);
    this.selection.replace([file]);
  }

  private added(file: FileEntry): void {
    const { scope, q, sort, folder } = this.query();
    if (scope !== 'all' && file.scope !== scope) return;
    if (folder !== undefined && parentFolder(file.path) !== folder) return;
    if (q && !file.name.toLowerCase().includes(q.toLowerCase())) return;
    if (this.files().some(({ id }) => id === file.id)) this.list.replace(file);
    else if (isReadingFurtherDown()) this.unseen.update((count) => count + 1);
    else if (sort === NEWEST_FIRST && folder === undefined && this.phase() === 'ready') this.list.prepend(file);
    else this.refreshSoon();
  }

  private refreshSoon(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      void this.list.refresh();
    }, GATHER_MS);
  }
}

function isReadingFurtherDown(): boolean {
  return window.scrollY > 200;
}
