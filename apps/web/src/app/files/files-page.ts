import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
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
import { FilePicker } from '../uploads/file-picker';
import { FileDialogs } from './file-dialogs';
import { FilesList, NEWEST_FIRST } from './files-list';
import { FilesTable } from './files-table';
import { SortSelect } from './sort-select';

const TABS = [
  { scope: 'shared', label: 'Shared' },
  { scope: 'received', label: 'Received' },
  { scope: 'all', label: 'All' },
] as const;

@Component({
  selector: 'app-files-page',
  imports: [
    EmptyState,
    ErrorState,
    FilesTable,
    LoadMore,
    PageHeader,
    RouterLink,
    SearchBox,
    SelectionBar,
    SkeletonRows,
    SortSelect,
  ],
  providers: [FilesList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './files-page.html',
})
export class FilesPage {
  private readonly status = inject(StatusStore);
  private readonly toasts = inject(ToastStore);
  protected readonly list = inject(FilesList);
  protected readonly picker = inject(FilePicker);
  protected readonly dialogs = inject(FileDialogs);

  /** Query parameter: `shared` (default), `received` or `all`. */
  readonly scope = input<string>();

  protected readonly tabs = TABS;
  protected readonly tab = computed(() => TABS.find(({ scope }) => scope === this.scope())?.scope ?? 'shared');
  protected readonly sort = signal(NEWEST_FIRST);
  protected readonly q = signal('');
  protected readonly count = computed(() =>
    formatCount(this.list.total(), this.q() ? 'match' : 'file', this.q() ? 'matches' : 'files'),
  );
  protected readonly selection = computed(() => {
    const count = this.list.selection.count();
    return count === 0 ? '' : `${formatCount(count, 'file')} selected, ${formatBytes(this.list.selection.bytes())}`;
  });
  protected readonly summary = computed(() => {
    const totals = this.status.status()?.totals;
    if (!totals || totals.sharedFiles + totals.receivedFiles === 0) return '';
    const { sharedFiles, sharedBytes, receivedFiles, receivedBytes } = totals;
    return `${counted(sharedFiles, sharedBytes)} shared, ${counted(receivedFiles, receivedBytes)} received`;
  });

  constructor() {
    effect(() => {
      const query = { scope: this.tab(), sort: this.sort(), q: this.q() };
      untracked(() => void this.list.show(query));
    });
  }

  protected async remove(file: FileEntry): Promise<void> {
    try {
      await this.list.remove(file.id);
      this.toasts.success(`Deleted “${file.name}”`, { label: 'Undo', run: () => void this.restore(file) });
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

  private async restore(file: FileEntry): Promise<void> {
    try {
      await this.list.restore(file.id);
      this.toasts.success(`Brought back “${file.name}”`);
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    }
  }
}

function counted(files: number, bytes: number): string {
  return files === 0 ? 'none' : `${formatCount(files, 'file')} (${formatBytes(bytes)})`;
}
