import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';

@Component({
  selector: 'app-brand',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <a class="brand" routerLink="/" aria-label="Ferry, dashboard"
      ><img src="favicon.svg" alt="" width="28" height="28" />Ferry</a
    >
  `,
})
export class Brand {}
