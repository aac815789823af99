import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { BytesPipe } from '../format/bytes-pipe';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { TimeAgo } from '../format/time-ago';
import type { Selection } from '../lists/selection';
import { FileGlyph } from './file-glyph';
import { FileState } from './file-state';
import { FilesApi } from './files-api';
import { parentFolder } from './parent-folder';
import { SortHeader } from './sort-header';
import { VisibilityButton } from './visibility-button';

@Component({
  selector: 'app-files-table',
  imports: [BytesPipe, FileGlyph, FileState, ShownNamePipe, SortHeader, TimeAgo, VisibilityButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './files-table.html',
})
export class FilesTable {
  private readonly api = inject(FilesApi);

  readonly files = input.required<readonly FileEntry[]>();
  readonly sort = input.required<string>();
  readonly selection = input.required<Selection<FileEntry>>();
  readonly showScope = input(false);
  readonly sorted = output<string>();
  readonly deleted = output<FileEntry>();
  readonly visibilityWanted = output<FileEntry>();
  readonly sendWanted = output<FileEntry>();

  protected readonly parentFolder = parentFolder;
  protected readonly isAllSelected = computed(() => this.selection().hasAll(this.files()));

  protected contentUrl(file: FileEntry): string {
    return this.api.contentUrl(file.id);
  }
}
