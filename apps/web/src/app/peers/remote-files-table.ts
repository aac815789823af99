import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { Router } from '@angular/router';
import { EntryName } from '../files/entry-name';
import { FileGlyph } from '../files/file-glyph';
import { isOnControl } from '../files/is-on-control';
import { parentFolder } from '../files/parent-folder';
import { SortHeader } from '../files/sort-header';
import { BytesPipe } from '../format/bytes-pipe';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { TimeAgo } from '../format/time-ago';
import type { RemoteFile } from './peers-api';
import { RemoteFilesList } from './remote-files-list';

@Component({
  selector: 'app-remote-files-table',
  imports: [BytesPipe, EntryName, FileGlyph, ShownNamePipe, SortHeader, TimeAgo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './remote-files-table.html',
})
export class RemoteFilesTable {
  private readonly router = inject(Router);
  protected readonly list = inject(RemoteFilesList);
  protected readonly parentFolder = parentFolder;

  readonly sort = input.required<string>();
  /** In the results of a search. */
  readonly showFolder = input(false);
  readonly sorted = output<string>();
  readonly wanted = output<RemoteFile>();

  /** A double click beside the buttons shows a folder. */
  protected open(event: Event, file: RemoteFile): void {
    if (file.kind !== 'folder' || isOnControl(event)) return;
    void this.router.navigate([], { queryParams: { folder: file.path }, queryParamsHandling: 'merge' });
  }
}
