import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

@Component({
  selector: 'app-progress-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div
      class="progress"
      role="progressbar"
      aria-valuemin="0"
      aria-valuemax="100"
      [attr.aria-label]="label()"
      [attr.aria-valuenow]="rounded()"
    >
      <div class="progress-bar" [class]="barClass()" [style.width.%]="percent()"></div>
    </div>
  `,
})
export class ProgressBar {
  readonly label = input.required<string>();
  /** 0..100. */
  readonly percent = input.required<number>();
  readonly tone = input<'primary' | 'success' | 'danger' | 'muted'>('primary');

  protected readonly rounded = computed(() => Math.floor(this.percent()));
  protected readonly barClass = computed(() => (this.tone() === 'muted' ? 'bg-secondary' : `bg-${this.tone()}`));
}
