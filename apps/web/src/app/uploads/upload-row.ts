import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { BytesPipe } from '../format/bytes-pipe';
import { shownName } from '../format/shown-name';
import { ProgressBar } from '../ui/progress-bar';
import { percentOf } from '../ui/percent-of';
import type { Upload, UploadState } from './upload-queue';

const WORDS: Record<UploadState, string> = {
  waiting: 'Waiting',
  sending: 'Adding',
  done: 'Added',
  skipped: 'Skipped',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

@Component({
  selector: 'app-upload-row',
  imports: [BytesPipe, ProgressBar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'data-testid': 'upload-row', '[attr.data-state]': 'upload().state' },
  template: `
    <div class="d-flex align-items-center gap-2 py-1">
      <div class="flex-grow-1 min-w-0">
        <div class="d-flex gap-2">
          <span class="text-truncate flex-grow-1" [title]="name()">{{ name() }}</span>
          <span class="small text-body-secondary numeric">{{ word() }} · {{ upload().size | bytes }}</span>
        </div>
        @if (upload().state === 'sending') {
          <app-progress-bar class="d-block mt-1" [label]="'Adding ' + name()" [percent]="percent()" />
        }
        @if (error(); as error) {
          <div class="small tone-danger text-break">{{ error }}</div>
        }
      </div>
      @switch (upload().state) {
        @case ('failed') {
          <button
            type="button"
            class="btn btn-icon"
            [attr.aria-label]="'Try ' + name() + ' again'"
            (click)="retried.emit()"
          >
            <i class="bi bi-arrow-clockwise" aria-hidden="true"></i>
          </button>
        }
        @case ('done') {
          <i class="bi bi-check-circle-fill tone-success p-2" aria-hidden="true"></i>
        }
        @case ('skipped') {
          <i class="bi bi-skip-forward tone-muted p-2" aria-hidden="true"></i>
        }
        @case ('cancelled') {
          <i class="bi bi-slash-circle tone-muted p-2" aria-hidden="true"></i>
        }
        @default {
          <button type="button" class="btn btn-icon" [attr.aria-label]="'Cancel ' + name()" (click)="cancelled.emit()">
            <i class="bi bi-x-lg" aria-hidden="true"></i>
          </button>
        }
      }
    </div>
  `,
})
export class UploadRow {
  readonly upload = input.required<Upload>();
  readonly cancelled = output<void>();
  readonly retried = output<void>();

  protected readonly name = computed(() => shownName(this.upload().name));
  /** It may quote the name. */
  protected readonly error = computed(() => {
    const { error } = this.upload();
    return error && shownName(error);
  });
  protected readonly word = computed(() => WORDS[this.upload().state]);
  protected readonly percent = computed(() => percentOf(this.upload().sentBytes, this.upload().size));
}
