import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { StorageMeter } from '../dashboard/storage-meter';
import { StatusStore } from '../status/status-store';
import { Brand } from './brand';
import { NavItems } from './nav-items';
import { NavLink } from './nav-link';

@Component({
  selector: 'app-sidebar',
  imports: [Brand, NavLink, StorageMeter],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <aside class="sidebar" aria-label="Places and this device">
      <app-brand class="px-2 mb-4" />
      <nav class="d-flex flex-column gap-1" aria-label="Primary">
        @for (item of nav.items(); track item.path) {
          <app-nav-link [item]="item" />
        }
      </nav>
      <div class="mt-auto px-2 small">
        <div class="fw-semibold text-truncate" [title]="store.deviceName()">{{ store.deviceName() }}</div>
        <div class="mono text-body-secondary mb-3">{{ shortId() }}</div>
        @if (store.status(); as status) {
          <app-storage-meter [storage]="status.storage" />
        }
      </div>
    </aside>
  `,
})
export class Sidebar {
  protected readonly nav = inject(NavItems);
  protected readonly store = inject(StatusStore);
  protected readonly shortId = computed(() => this.store.status()?.device.id.slice(0, 7) ?? '');
}
