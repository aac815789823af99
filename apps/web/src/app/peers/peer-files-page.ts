import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { SortSelect } from '../files/sort-select';
import { formatBytes } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { sentenceOf } from '../http/sentence-of';
import { ToastStore } from '../toasts/toast-store';
import { TransfersStore } from '../transfers/transfers-store';
import { Breadcrumbs } from '../ui/breadcrumbs';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { LoadMore } from '../ui/load-more';
import { SearchBox } from '../ui/search-box';
import { SelectionBar } from '../ui/selection-bar';
import { SkeletonRows } from '../ui/skeleton-rows';
import { PeerAvatar } from './peer-avatar';
import { PeerPresence } from './peer-presence';
import type { RemoteFile } from './peers-api';
import { PeersStore } from './peers-store';
import { RemoteFilesList } from './remote-files-list';
import { RemoteFilesTable } from './remote-files-table';

@Component({
  selector: 'app-peer-files-page',
  imports: [
    Breadcrumbs,
    EmptyState,
    ErrorState,
    LoadMore,
    PeerAvatar,
    PeerPresence,
    RemoteFilesTable,
    RouterLink,
    SearchBox,
    SelectionBar,
    SkeletonRows,
    SortSelect,
  ],
  providers: [RemoteFilesList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './peer-files-page.html',
})
export class PeerFilesPage {
  private readonly peers = inject(PeersStore);
  private readonly router = inject(Router);
  private readonly toasts = inject(ToastStore);
  private readonly transfers = inject(TransfersStore);
  protected readonly list = inject(RemoteFilesList);

  /** Path parameter: the device id. */
  readonly id = input.required<string>();
  /** Query parameter: path of the folder that is shown; nothing at the top. */
  readonly folder = input<string>();

  protected readonly sort = signal('name');
  protected readonly q = signal('');
  protected readonly isBusy = signal(false);
  protected readonly isSelecting = signal(false);
  protected readonly peer = computed(() => this.peers.find(this.id()));
  protected readonly name = computed(() => this.peers.nameOf(this.id()));
  protected readonly isUnknown = computed(() => this.peers.isLoaded() && !this.peer());
  protected readonly selection = computed(() => {
    const { length } = this.list.selected();
    if (length === 0) return '';
    const bytes = formatBytes(this.list.selectedBytes());
    if (this.list.selectable() === 0) return `${formatCount(length, 'item')} selected, ${bytes}`;
    return `${length.toLocaleString('en')} of ${formatCount(this.list.total(), 'item')} selected, ${bytes}`;
  });

  constructor() {
    effect(() => {
      const [sort, q, path] = [this.sort(), this.q(), this.folder() ?? ''];
      const query = { sort, q, ...(q === '' && { folder: path }) }; // a search looks everywhere
      const id = this.id();
      untracked(() => void this.list.show(id, query));
    });
  }

  protected async selectAll(): Promise<void> {
    if (this.isSelecting()) return;
    this.isSelecting.set(true);
    try {
      await this.list.selectAll();
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    } finally {
      this.isSelecting.set(false);
    }
  }

  /** Not while the selection still grows: it would get less than was asked for. */
  protected async getSelected(): Promise<void> {
    if (!this.isSelecting()) await this.get(this.list.selected());
  }

  protected async get(files: readonly RemoteFile[]): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    try {
      await this.transfers.create({ peerId: this.id(), entryIds: files.map(({ id }) => id) });
      this.list.clearSelection();
      const what = files.length === 1 ? `“${files[0]?.name}”` : formatCount(files.length, 'item');
      this.toasts.success(`Getting ${what} from ${this.name()}`, {
        label: 'Show',
        run: () => void this.router.navigateByUrl('/transfers'),
      });
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
