import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { NgbDropdownModule } from '@ng-bootstrap/ng-bootstrap/dropdown';
import { THEMES, ThemeStore, type Theme } from './theme-store';

const LOOKS: Record<Theme, { readonly icon: string; readonly label: string }> = {
  dark: { icon: 'bi-moon-stars', label: 'Dark' },
  light: { icon: 'bi-sun', label: 'Light' },
  auto: { icon: 'bi-circle-half', label: 'Like the system' },
};

@Component({
  selector: 'app-theme-toggle',
  imports: [NgbDropdownModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div ngbDropdown placement="bottom-end">
      <button
        type="button"
        class="btn btn-icon no-caret"
        ngbDropdownToggle
        [attr.aria-label]="'Theme: ' + look().label"
        title="Theme"
      >
        <i class="bi" [class]="look().icon" aria-hidden="true"></i>
      </button>
      <div ngbDropdownMenu>
        @for (theme of themes; track theme) {
          <button
            type="button"
            ngbDropdownItem
            class="d-flex align-items-center gap-2"
            [class.active]="theme === store.theme()"
            [attr.aria-pressed]="theme === store.theme()"
            (click)="store.choose(theme)"
          >
            <i class="bi" [class]="looks[theme].icon" aria-hidden="true"></i>{{ looks[theme].label }}
          </button>
        }
      </div>
    </div>
  `,
})
export class ThemeToggle {
  protected readonly store = inject(ThemeStore);
  protected readonly themes = THEMES;
  protected readonly looks = LOOKS;
  protected readonly look = computed(() => LOOKS[this.store.theme()]);
}
