import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { formatDeviceId } from '../format/format-device-id';
import { AppShortcuts } from '../shell/app-shortcuts';
import { StatusStore } from '../status/status-store';
import { THEMES, type Theme, ThemeStore } from '../theme/theme-store';
import { CopyButton } from '../ui/copy-button';
import { ErrorState } from '../ui/error-state';
import { PageHeader } from '../ui/page-header';
import { SkeletonRows } from '../ui/skeleton-rows';
import { FOLDER_FIELDS, LIMIT_FIELDS } from './setting-fields';
import { SettingInput } from './setting-input';
import { SettingsStore } from './settings-store';

const THEME_LABELS: Record<Theme, string> = { dark: 'Dark', light: 'Light', auto: 'Like the system' };

@Component({
  selector: 'app-settings-page',
  imports: [CopyButton, ErrorState, PageHeader, SettingInput, SkeletonRows],
  providers: [SettingsStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './settings-page.html',
})
export class SettingsPage {
  protected readonly store = inject(StatusStore);
  protected readonly themes = inject(ThemeStore);
  protected readonly shortcuts = inject(AppShortcuts);
  protected readonly choices = THEMES;
  protected readonly labels = THEME_LABELS;

  protected readonly settings = inject(SettingsStore);
  protected readonly groups = [
    { id: 'limits-title', title: 'Files that come in', fields: LIMIT_FIELDS },
    { id: 'folders-title', title: 'Folders and trash', fields: FOLDER_FIELDS },
  ];

  constructor() {
    void this.settings.load();
  }

  protected grouped(id: string): string {
    return formatDeviceId(id);
  }
}
