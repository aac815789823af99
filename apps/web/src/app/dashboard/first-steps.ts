import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { NodeStatus } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { PeerDialogs } from '../peers/peer-dialogs';
import { FilePicker } from '../uploads/file-picker';

/** What to do first, until the first device is paired. */
@Component({
  selector: 'app-first-steps',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card" aria-labelledby="first-steps-title" data-testid="first-steps">
      <div class="card-body">
        <h2 id="first-steps-title" class="mb-1">Welcome to Ferry</h2>
        <p class="text-body-secondary">
          Three steps, and two devices share files directly, encrypted, without an account.
        </p>
        <ol class="list-unstyled mb-0 d-grid gap-3">
          @for (step of steps(); track step.title) {
            <li class="d-flex gap-3 align-items-start">
              <span class="file-glyph" [class]="step.done ? 'tone-success' : ''">
                @if (step.done) {
                  <i class="bi bi-check-lg" aria-hidden="true"></i><span class="visually-hidden">Done:</span>
                } @else {
                  {{ $index + 1 }}
                }
              </span>
              <div class="flex-grow-1 min-w-0">
                <div class="fw-medium">{{ step.title }}</div>
                <div class="small text-body-secondary">{{ step.text }}</div>
              </div>
              @if (step.action; as action) {
                <button
                  type="button"
                  class="btn btn-sm text-nowrap"
                  [class]="step.done ? 'btn-quiet' : 'btn-primary'"
                  (click)="step.run()"
                >
                  {{ action }}
                </button>
              }
            </li>
          }
        </ol>
      </div>
    </section>
  `,
})
export class FirstSteps {
  private readonly picker = inject(FilePicker);
  private readonly dialogs = inject(PeerDialogs);

  readonly status = input.required<NodeStatus>();

  protected readonly steps = computed(() => {
    const { sharedFiles } = this.status().totals;
    return [
      {
        title: 'Share something',
        text:
          sharedFiles > 0
            ? `${formatCount(sharedFiles, 'file is', 'files are')} shared.`
            : 'Drop files on this page, or choose them.',
        done: sharedFiles > 0,
        action: 'Add files',
        run: () => this.picker.chooseFiles(),
      },
      {
        title: 'Pair another device',
        text: 'Start Ferry there too. One device shows an invitation, the other one enters it.',
        done: false,
        action: 'Pair',
        run: () => void this.dialogs.pair(),
      },
      {
        title: 'Get files',
        text: 'Browse what the other device shares and press Get.',
        done: false,
        action: '',
        run: () => undefined,
      },
    ];
  });
}
