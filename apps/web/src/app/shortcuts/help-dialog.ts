import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DialogFrame } from '../dialogs/dialog-frame';
import { Shortcuts } from './shortcuts';

@Component({
  selector: 'app-help-dialog',
  imports: [DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-dialog-frame heading="Keyboard shortcuts">
      <dl class="stat-list align-items-center">
        @for (shortcut of shortcuts; track shortcut.label) {
          <dt class="text-body">{{ shortcut.label }}</dt>
          <dd>
            @for (key of shortcut.keys; track $index) {
              <kbd class="ms-1">{{ key }}</kbd>
            }
          </dd>
        }
      </dl>
      <p class="small text-body-secondary mt-3 mb-0">Keys do nothing while you type in a field or a dialog is open.</p>
    </app-dialog-frame>
  `,
})
export class HelpDialog {
  protected readonly shortcuts = inject(Shortcuts).all();
}
