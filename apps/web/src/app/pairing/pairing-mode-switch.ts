import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { formatCountdown } from '../format/format-countdown';
import { secondsLeft } from '../format/seconds-left';
import { sentenceOf } from '../http/sentence-of';
import { ToastStore } from '../toasts/toast-store';
import { PairingsStore } from './pairings-store';

/** The page of the peers and the dialog above it show one each. */
let lastId = 0;

/** Lets other devices ask for a comparison, for a few minutes. */
@Component({
  selector: 'app-pairing-mode-switch',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="form-check form-switch mb-0">
      <input
        #field
        type="checkbox"
        role="switch"
        class="form-check-input"
        [id]="id"
        [attr.aria-describedby]="id + '-help'"
        [checked]="isOpen()"
        (change)="set(field)"
      />
      <label class="form-check-label fw-medium" [for]="id">Discoverable for pairing</label>
      <div class="small text-body-secondary" [id]="id + '-help'" data-testid="pairing-mode">
        @if (isOpen()) {
          Other devices may ask to pair. Closes in <span class="numeric">{{ countdown() }}</span>
        } @else {
          Off: no device can ask to pair. Invitations work in any case.
        }
      </div>
    </div>
  `,
})
export class PairingModeSwitch {
  private readonly store = inject(PairingsStore);
  private readonly toasts = inject(ToastStore);

  protected readonly id = `pairing-mode-${++lastId}`;
  private readonly left = secondsLeft(() => this.store.mode().until);
  protected readonly isOpen = computed(() => this.store.mode().open && this.left() > 0);
  protected readonly countdown = computed(() => formatCountdown(this.left()));

  /** When the node refuses, the switch goes back to what is true. */
  protected async set(field: HTMLInputElement): Promise<void> {
    try {
      await this.store.setMode(field.checked);
    } catch (error) {
      field.checked = this.isOpen();
      this.toasts.danger(sentenceOf(error));
    }
  }
}
