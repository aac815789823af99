import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type TrashItem, formatBytes } from '@ferry/protocol';
import { Dialogs } from '../dialogs/dialogs';
import { FileGlyph } from '../files/file-glyph';
import { parentFolder } from '../files/parent-folder';
import { BytesPipe } from '../format/bytes-pipe';
import { formatCount } from '../format/format-count';
import { shownName } from '../format/shown-name';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { TimeAgo } from '../format/time-ago';
import { sentenceOf } from '../http/sentence-of';
import { ToastStore } from '../toasts/toast-store';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { LoadMore } from '../ui/load-more';
import { PageHeader } from '../ui/page-header';
import { SkeletonRows } from '../ui/skeleton-rows';
import { daysLeft } from './days-left';
import { TrashList } from './trash-list';

@Component({
  selector: 'app-trash-page',
  imports: [
    BytesPipe,
    EmptyState,
    ErrorState,
    FileGlyph,
    LoadMore,
    PageHeader,
    RouterLink,
    ShownNamePipe,
    SkeletonRows,
    TimeAgo,
  ],
  providers: [TrashList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './trash-page.html',
})
export class TrashPage {
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(ToastStore);
  protected readonly list = inject(TrashList);
  protected readonly parentFolder = parentFolder;
  protected readonly daysLeft = daysLeft;

  protected restore(item: TrashItem): Promise<void> {
    return this.tell(() => this.list.restore(item.id), `Brought back “${shownName(item.name)}”`);
  }

  protected async purge(item: TrashItem): Promise<void> {
    const what = item.kind === 'folder' ? `the folder and ${formatCount(item.fileCount ?? 0, 'file')} in it` : 'it';
    const isSure = await this.dialogs.confirm({
      title: `Erase “${shownName(item.name)}”?`,
      text: `This erases ${what} (${formatBytes(item.size)}) from this disk. It cannot be undone.`,
      confirmLabel: 'Erase',
    });
    if (isSure) await this.tell(() => this.list.purge(item.id), `Erased “${shownName(item.name)}”`);
  }

  protected async empty(): Promise<void> {
    const isSure = await this.dialogs.confirm({
      title: 'Empty the trash?',
      text: `This erases ${formatCount(this.list.total(), 'item')} from this disk. It cannot be undone.`,
      confirmLabel: 'Erase all',
    });
    if (isSure) await this.tell(() => this.list.empty(), 'The trash is empty');
  }

  private async tell(work: () => Promise<void>, done: string): Promise<void> {
    try {
      await work();
      this.toasts.success(done);
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    }
  }
}
