import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import type { ConfirmData } from './confirm-data';
import { DIALOG_DATA } from './dialog-data';
import { DialogFrame } from './dialog-frame';

@Component({
  selector: 'app-confirm-dialog',
  imports: [DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-dialog-frame [heading]="data.title">
      <p class="mb-4">{{ data.text }}</p>
      <div class="d-flex justify-content-end gap-2">
        <button type="button" class="btn btn-quiet" ngbAutofocus (click)="modal.dismiss()">Cancel</button>
        <button type="button" class="btn btn-danger" (click)="modal.close(true)">{{ data.confirmLabel }}</button>
      </div>
    </app-dialog-frame>
  `,
})
export class ConfirmDialog {
  protected readonly modal = inject(NgbActiveModal);
  protected readonly data = inject(DIALOG_DATA) as ConfirmData;
}
