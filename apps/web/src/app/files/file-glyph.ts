import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { fileIcon } from './file-icon';

@Component({
  selector: 'app-file-glyph',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<span class="file-glyph"><i class="bi" [class]="icon()" aria-hidden="true"></i></span>`,
})
export class FileGlyph {
  readonly file = input.required<Pick<FileEntry, 'mediaType' | 'kind' | 'name'>>();

  protected readonly icon = computed(() => fileIcon(this.file()));
}
