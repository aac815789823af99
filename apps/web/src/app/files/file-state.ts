import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { percentOf } from '../ui/percent-of';

/** What is special about an entry at the moment; nothing when it is ready. */
@Component({
  selector: 'app-file-state',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (text(); as text) {
      <span class="badge rounded-pill fw-medium bg-body-secondary" [class]="tone()" data-testid="file-state">
        <i class="bi me-1" [class]="icon()" aria-hidden="true"></i>{{ text }}
      </span>
    }
  `,
})
export class FileState {
  readonly file = input.required<Pick<FileEntry, 'state' | 'size' | 'hashedBytes'>>();

  protected readonly text = computed(() => {
    const { state, size, hashedBytes } = this.file();
    if (state === 'missing') return 'Missing on disk';
    if (state !== 'hashing') return '';
    return hashedBytes === undefined ? 'Hashing' : `Hashing ${Math.floor(percentOf(hashedBytes, size))} %`;
  });
  protected readonly tone = computed(() => (this.file().state === 'missing' ? 'tone-warning' : 'tone-active'));
  protected readonly icon = computed(() => (this.file().state === 'missing' ? 'bi-question-circle' : 'bi-hash'));
}
