import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { formatBytes } from '@ferry/protocol';
import { formatDeviceId } from '../format/format-device-id';
import { AppShortcuts } from '../shell/app-shortcuts';
import { StatusStore } from '../status/status-store';
import { THEMES, type Theme, ThemeStore } from '../theme/theme-store';
import { CopyButton } from '../ui/copy-button';
import { ErrorState } from '../ui/error-state';
import { PageHeader } from '../ui/page-header';
import { SkeletonRows } from '../ui/skeleton-rows';

const THEME_LABELS: Record<Theme, string> = { dark: 'Dark', light: 'Light', auto: 'Like the system' };

@Component({
  selector: 'app-settings-page',
  imports: [CopyButton, ErrorState, PageHeader, SkeletonRows],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './settings-page.html',
})
export class SettingsPage {
  protected readonly store = inject(StatusStore);
  protected readonly themes = inject(ThemeStore);
  protected readonly shortcuts = inject(AppShortcuts);
  protected readonly choices = THEMES;
  protected readonly labels = THEME_LABELS;

  protected readonly limits = computed(() => {
    const limits = this.store.status()?.limits;
    if (!limits) return [];
    const { maxFileSize, allowedExtensions, blockedExtensions } = limits;
    const allowed = allowedExtensions.includes('*') ? 'All but the blocked ones' : allowedExtensions.join(', ');
    return [
      {
        name: 'Largest file',
        value: maxFileSize === 0 ? 'No limit' : formatBytes(maxFileSize),
        setting: 'FERRY_MAX_FILE_SIZE',
      },
      { name: 'Allowed file types', value: allowed, setting: 'FERRY_ALLOWED_EXTENSIONS' },
      {
        name: 'Blocked file types',
        value: blockedExtensions.join(', ') || 'None',
        setting: 'FERRY_BLOCKED_EXTENSIONS',
      },
    ];
  });

  protected grouped(id: string): string {
    return formatDeviceId(id);
  }
}
