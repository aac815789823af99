import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { ThemeToggle } from '../theme/theme-toggle';
import { AppShortcuts } from './app-shortcuts';
import { Brand } from './brand';
import { StatusPill } from './status-pill';

@Component({
  selector: 'app-top-bar',
  imports: [Brand, StatusPill, ThemeToggle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header class="shell-top">
      <app-brand class="brand-small" />
      <app-status-pill class="ms-auto" />
      <app-theme-toggle />
      <button
        type="button"
        class="btn btn-icon d-none d-sm-inline-grid"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        (click)="shortcuts.help()"
      >
        <i class="bi bi-question-circle" aria-hidden="true"></i>
      </button>
    </header>
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class TopBar {
  protected readonly shortcuts = inject(AppShortcuts);
}
