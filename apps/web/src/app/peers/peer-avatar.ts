import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { avatarPattern } from './avatar-pattern';
import { announcedId } from './announced-id';

@Component({
  selector: 'app-peer-avatar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true' },
  template: `
    <svg viewBox="0 0 9 9" [style.background]="background()" [style.fill]="fill()">
      @for (cell of pattern().cells; track $index) {
        <rect [attr.x]="cell.x + 2" [attr.y]="cell.y + 2" width="1.02" height="1.02" />
      }
    </svg>
  `,
  styles: `
    svg {
      display: block;
      width: 2.75rem;
      height: 2.75rem;
      border-radius: 0.75rem;
    }
  `,
})
export class PeerAvatar {
  readonly deviceId = input.required<string>();

  /** Out of what a device announces, so that it looks the same before and after pairing. */
  protected readonly pattern = computed(() => avatarPattern(announcedId(this.deviceId())));
  protected readonly background = computed(() => `hsl(${this.pattern().hue} 45% 30%)`);
  protected readonly fill = computed(() => `hsl(${this.pattern().hue} 85% 82%)`);
}
