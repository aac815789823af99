import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import type { FileScope, SkippedObjects } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { FilesApi } from './files-api';

/** What lies in the folders of this device and is not listed, with the reasons; nothing when there is none. */
@Component({
  selector: 'app-skipped-note',
  imports: [ShownNamePipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (skipped(); as skipped) {
      @if (skipped.total > 0) {
        <details class="small text-body-secondary mt-2 ms-1" data-testid="skipped">
          <summary>{{ summary() }}</summary>
          <ul class="mt-2 mb-0">
            @for (item of skipped.items; track item.scope + item.path) {
              <li class="text-break">
                <span class="mono">{{ item.path | shownName }}</span>: {{ item.reason }}
              </li>
            }
          </ul>
        </details>
      }
    }
  `,
})
export class SkippedNote {
  private readonly api = inject(FilesApi);

  readonly scope = input.required<FileScope | 'all'>();

  protected readonly skipped = signal<SkippedObjects | null>(null);
  protected readonly summary = computed(() => {
    const total = this.skipped()?.total ?? 0;
    return `${formatCount(total, 'thing')} in the folder ${total === 1 ? 'is' : 'are'} not listed`;
  });

  constructor() {
    effect(() => {
      const scope = this.scope();
      untracked(() => void this.load(scope));
    });
  }

  /** It is only a note: when it cannot be read, the list says why already. */
  private async load(scope: FileScope | 'all'): Promise<void> {
    this.skipped.set(await this.api.skipped(scope).catch(() => null));
  }
}
