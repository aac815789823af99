import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Router } from '@angular/router';
import { NgbDropdownModule } from '@ng-bootstrap/ng-bootstrap/dropdown';
import type { FileEntry } from '@ferry/protocol';
import { BytesPipe } from '../format/bytes-pipe';
import { formatCount } from '../format/format-count';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { TimeAgo } from '../format/time-ago';
import type { Selection } from '../lists/selection';
import { EntryName } from './entry-name';
import { FileGlyph } from './file-glyph';
import { FilesApi } from './files-api';
import { isOnControl } from './is-on-control';
import { parentFolder } from './parent-folder';
import { SortHeader } from './sort-header';
import { VisibilityButton } from './visibility-button';

@Component({
  selector: 'app-files-table',
  imports: [BytesPipe, EntryName, FileGlyph, NgbDropdownModule, ShownNamePipe, SortHeader, TimeAgo, VisibilityButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './files-table.html',
})
export class FilesTable {
  private readonly api = inject(FilesApi);
  private readonly router = inject(Router);

  readonly files = input.required<readonly FileEntry[]>();
  readonly sort = input.required<string>();
  readonly selection = input.required<Selection<FileEntry>>();
  readonly showScope = input(false);
  /** In the results of a search. */
  readonly showFolder = input(false);
  readonly sorted = output<string>();
  readonly deleted = output<FileEntry>();
  readonly visibilityWanted = output<FileEntry>();
  readonly sendWanted = output<FileEntry>();
  readonly renameWanted = output<FileEntry>();
  readonly detailsWanted = output<FileEntry>();

  protected readonly parentFolder = parentFolder;
  protected readonly isAllSelected = computed(() => this.selection().hasAll(this.files()));

  /** A double click beside the buttons: a folder is shown, of a file the details. */
  protected open(event: Event, file: FileEntry): void {
    if (isOnControl(event)) return;
    if (file.kind === 'file') return this.detailsWanted.emit(file);
    void this.router.navigate([], { queryParams: { folder: file.path }, queryParamsHandling: 'merge' });
  }

  protected counted(files: number): string {
    return formatCount(files, 'file');
  }

  protected contentUrl(file: FileEntry): string {
    return this.api.contentUrl(file.id);
  }
}
