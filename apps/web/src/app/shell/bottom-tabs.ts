import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { NavItems } from './nav-items';
import { NavLink } from './nav-link';

@Component({
  selector: 'app-bottom-tabs',
  imports: [NavLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav class="bottom-tabs" aria-label="Primary">
      @for (item of nav.items(); track item.path) {
        <app-nav-link [item]="item" />
      }
    </nav>
  `,
})
export class BottomTabs {
  protected readonly nav = inject(NavItems);
}
