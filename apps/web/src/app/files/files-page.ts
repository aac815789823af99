import {
  DOCUMENT,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { type FileEntry, formatBytes } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { sentenceOf } from '../http/sentence-of';
import { StatusStore } from '../status/status-store';
import { ToastStore } from '../toasts/toast-store';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { LoadMore } from '../ui/load-more';
import { PageHeader } from '../ui/page-header';
import { SearchBox } from '../ui/search-box';
import { SelectionBar } from '../ui/selection-bar';
import { SkeletonRows } from '../ui/skeleton-rows';
import { Breadcrumbs } from '../ui/breadcrumbs';
import { FilePicker } from '../uploads/file-picker';
import { UploadFolder } from '../uploads/upload-folder';
import { FileDialogs } from './file-dialogs';
import { FileRemoval } from './file-removal';
import { FilesApi } from './files-api';
import { FilesList, NEWEST_FIRST } from './files-list';
import { FilesTable } from './files-table';
import { SkippedNote } from './skipped-note';
import { SortSelect } from './sort-select';

const TABS = [
  { scope: 'shared', label: 'Shared' },
  { scope: 'received', label: 'Received' },
  { scope: 'all', label: 'All' },
] as const;

@Component({
  selector: 'app-files-page',
  imports: [
    Breadcrumbs,
    EmptyState,
    ErrorState,
    FilesTable,
    LoadMore,
    PageHeader,
    RouterLink,
    SearchBox,
    SelectionBar,
    SkeletonRows,
    SkippedNote,
    SortSelect,
  ],
  providers: [FilesList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './files-page.html',
})
export class FilesPage {
  private readonly status = inject(StatusStore);
  private readonly toasts = inject(ToastStore);
  private readonly api = inject(FilesApi);
  private readonly removal = inject(FileRemoval);
  private readonly document = inject(DOCUMENT);
  protected readonly list = inject(FilesList);
  private readonly uploadFolder = inject(UploadFolder);
  protected readonly picker = inject(FilePicker);
  protected readonly dialogs = inject(FileDialogs);

  /** Query parameter: `shared` (default), `received` or `all`. */
  readonly scope = input<string>();
  /** Query parameter: path of the folder that is shown; nothing at the top. */
  readonly folder = input<string>();

  protected readonly tabs = TABS;
  protected readonly tab = computed(() => TABS.find(({ scope }) => scope === this.scope())?.scope ?? 'shared');
  protected readonly sort = signal(NEWEST_FIRST);
  protected readonly q = signal('');
  protected readonly topName = computed(() => TABS.find(({ scope }) => scope === this.tab())?.label ?? '');
  protected readonly count = computed(() =>
    formatCount(this.list.total(), this.q() ? 'match' : 'item', this.q() ? 'matches' : 'items'),
  );
  protected readonly selection = computed(() => {
    const count = this.list.selection.count();
    return count === 0 ? '' : `${formatCount(count, 'item')} selected, ${formatBytes(this.list.selection.bytes())}`;
  });
  protected readonly summary = computed(() => {
    const totals = this.status.status()?.totals;
    if (!totals || totals.sharedFiles + totals.receivedFiles === 0) return '';
    const { sharedFiles, sharedBytes, receivedFiles, receivedBytes } = totals;
    return `${counted(sharedFiles, sharedBytes)} shared, ${counted(receivedFiles, receivedBytes)} received`;
  });

  constructor() {
    effect(() => {
      const [scope, sort, q, path] = [this.tab(), this.sort(), this.q(), this.folder() ?? ''];
      const query = { scope, sort, q, ...(q === '' && { folder: path }) }; // a search looks everywhere
      untracked(() => void this.list.show(query));
    });
    effect(() => this.uploadFolder.path.set(this.tab() === 'shared' ? (this.folder() ?? '') : ''));
    inject(DestroyRef).onDestroy(() => this.uploadFolder.path.set(''));
  }

  protected async remove(files: readonly FileEntry[]): Promise<void> {
    for (const { id } of await this.removal.remove(files)) this.list.forget(id);
  }

  /** The browser saves the zip as it comes; nothing is stored on the way. */
  protected async downloadSelected(): Promise<void> {
    try {
      const { url } = await this.api.archive(this.list.selection.items().map(({ id }) => id));
      this.document.location.assign(url);
      this.list.selection.clear();
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    }
  }

  protected async changeSelected(): Promise<void> {
    if (await this.dialogs.visibility(this.list.selection.items())) this.list.selection.clear();
  }

  protected async sendSelected(): Promise<void> {
    if (await this.dialogs.send(this.list.selection.items())) this.list.selection.clear();
  }
}

function counted(files: number, bytes: number): string {
  return files === 0 ? 'none' : `${formatCount(files, 'file')} (${formatBytes(bytes)})`;
}
