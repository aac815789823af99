import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { BytesPipe } from '../format/bytes-pipe';
import { formatCount } from '../format/format-count';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { TimeAgo } from '../format/time-ago';
import { CopyButton } from '../ui/copy-button';
import { FileGlyph } from './file-glyph';
import { FileState } from './file-state';
import { FilesApi } from './files-api';
import { LiveEntry } from './live-entry';
import { previewKind } from './preview-kind';

const THUMBNAIL_PIXELS = 512;

/** Everything there is to know of one file or folder, with a preview where that is safe. */
@Component({
  selector: 'app-details-dialog',
  imports: [BytesPipe, CopyButton, DialogFrame, FileGlyph, FileState, ShownNamePipe, TimeAgo],
  providers: [LiveEntry],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './details-dialog.html',
})
export class DetailsDialog {
  private readonly api = inject(FilesApi);
  protected readonly entry = inject(LiveEntry).follow(inject(DIALOG_DATA) as string);

  /** The picture could not be made. */
  protected readonly isBroken = signal(false);
  protected readonly preview = computed(() => {
    const entry = this.entry();
    return entry?.kind === 'file' && entry.state === 'ready' ? previewKind(entry.mediaType) : undefined;
  });
  protected readonly thumbnail = computed(() => this.api.thumbnailUrl(this.entry()?.id ?? '', THUMBNAIL_PIXELS));
  protected readonly source = computed(() => this.api.previewUrl(this.entry()?.id ?? ''));
  protected readonly exactBytes = (bytes: number): string => formatCount(bytes, 'byte');
  protected readonly count = computed(() => formatCount(this.entry()?.fileCount ?? 0, 'file'));
}
