import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { FileGlyph } from '../files/file-glyph';
import { FileState } from '../files/file-state';
import { parentFolder } from '../files/parent-folder';
import { SortHeader } from '../files/sort-header';
import { BytesPipe } from '../format/bytes-pipe';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { TimeAgo } from '../format/time-ago';
import type { RemoteFile } from './peers-api';
import { RemoteFilesList } from './remote-files-list';

@Component({
  selector: 'app-remote-files-table',
  imports: [BytesPipe, FileGlyph, FileState, ShownNamePipe, SortHeader, TimeAgo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './remote-files-table.html',
})
export class RemoteFilesTable {
  protected readonly list = inject(RemoteFilesList);
  protected readonly parentFolder = parentFolder;

  readonly sort = input.required<string>();
  readonly sorted = output<string>();
  readonly wanted = output<RemoteFile>();
}
