import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import { DIALOG_TITLE_ID } from './dialogs';

/** Heading, close button and body of every dialog; the footer comes with the body. */
@Component({
  selector: 'app-dialog-frame',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="modal-header">
      <h2
        class="modal-title fs-5"
        [id]="titleId"
        [attr.tabindex]="focusHeading() ? -1 : null"
        [attr.ngbAutofocus]="focusHeading() ? '' : null"
      >
        {{ heading() }}
      </h2>
      <button type="button" class="btn btn-icon ms-auto" aria-label="Close" (click)="modal.dismiss()">
        <i class="bi bi-x-lg" aria-hidden="true"></i>
      </button>
    </div>
    <div class="modal-body"><ng-content /></div>
  `,
})
export class DialogFrame {
  readonly heading = input.required<string>();
  /** For questions that came from outside: the focus starts on no button, so that no key answers by accident. */
  readonly focusHeading = input(false);

  protected readonly modal = inject(NgbActiveModal);
  protected readonly titleId = DIALOG_TITLE_ID;
}
