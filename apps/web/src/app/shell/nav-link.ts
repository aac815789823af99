import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import type { NavItem } from './nav-items';

@Component({
  selector: 'app-nav-link',
  imports: [RouterLink, RouterLinkActive],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <a
      class="nav-item-link"
      routerLinkActive="active"
      ariaCurrentWhenActive="page"
      [routerLink]="item().path"
      [routerLinkActiveOptions]="{ exact: item().path === '/' }"
    >
      <i class="bi" [class]="item().icon" aria-hidden="true"></i>
      <span class="flex-grow-1">{{ item().label }}</span>
      @if (item().count > 0) {
        <span class="badge rounded-pill text-bg-primary numeric"
          >{{ item().count }}<span class="visually-hidden"> {{ item().countLabel }}</span></span
        >
      }
    </a>
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class NavLink {
  readonly item = input.required<NavItem>();
}
