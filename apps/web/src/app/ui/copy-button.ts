import { LiveAnnouncer } from '@angular/cdk/a11y';
import {
  ChangeDetectionStrategy,
  Component,
  DOCUMENT,
  DestroyRef,
  computed,
  inject,
  input,
  signal,
} from '@angular/core';
import { copyText } from './copy-text';

const SHOWN_MS = 2500;

/** Copies a text and says so for a moment. */
@Component({
  selector: 'app-copy-button',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button type="button" class="btn btn-sm btn-quiet text-nowrap" [attr.aria-label]="label()" (click)="copy()">
      <i class="bi me-1" [class]="icon()" aria-hidden="true"></i>{{ word() }}
    </button>
  `,
})
export class CopyButton {
  private readonly document = inject(DOCUMENT);
  private readonly announcer = inject(LiveAnnouncer);
  private readonly result = signal<'none' | 'copied' | 'refused'>('none');
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly text = input.required<string>();
  /** The accessible name, for example "Copy device id". */
  readonly label = input.required<string>();

  protected readonly icon = computed(() => (this.result() === 'copied' ? 'bi-check-lg' : 'bi-copy'));
  protected readonly word = computed(
    () => ({ none: 'Copy', copied: 'Copied', refused: 'Copy by hand' })[this.result()],
  );

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  protected async copy(): Promise<void> {
    const copied = await copyText(this.text(), this.document);
    this.result.set(copied ? 'copied' : 'refused');
    void this.announcer.announce(
      copied ? 'Copied' : 'The browser does not allow copying here. Select the text and copy it.',
    );
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.result.set('none'), SHOWN_MS);
  }
}
