import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Clock } from './clock';
import { formatAgo } from './format-ago';

/** "5 min ago", kept right, with the exact time on hover. */
@Component({
  selector: 'app-time-ago',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<time [attr.datetime]="at()" [title]="exact()">{{ text() }}</time>`,
})
export class TimeAgo {
  private readonly clock = inject(Clock);

  readonly at = input.required<string>();

  protected readonly text = computed(() => formatAgo(this.at(), this.clock.now()));
  protected readonly exact = computed(() => new Date(this.at()).toLocaleString());
}
