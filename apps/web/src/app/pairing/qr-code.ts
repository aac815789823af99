import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { qrPicture } from './qr-picture';

/** Dark on white in every theme: many cameras cannot read it the other way round. */
@Component({
  selector: 'app-qr-code',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg
      role="img"
      [attr.aria-label]="label()"
      [attr.viewBox]="viewBox()"
      shape-rendering="crispEdges"
      data-testid="qr"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path [attr.d]="picture().path" fill="#000" />
    </svg>
  `,
  styles: `
    svg {
      display: block;
      width: min(14rem, 100%);
      margin: 0 auto;
      border-radius: 0.75rem;
    }
  `,
})
export class QrCode {
  readonly text = input.required<string>();
  readonly label = input.required<string>();

  protected readonly picture = computed(() => qrPicture(this.text()));
  protected readonly viewBox = computed(() => `0 0 ${this.picture().size} ${this.picture().size}`);
}
