import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import { NgbNavModule } from '@ng-bootstrap/ng-bootstrap/nav';
import { DialogFrame } from '../dialogs/dialog-frame';
import { ToastStore } from '../toasts/toast-store';
import { EnterInvitation } from './enter-invitation';
import { ShowInvitation } from './show-invitation';

@Component({
  selector: 'app-pair-dialog',
  imports: [DialogFrame, EnterInvitation, NgbNavModule, ShowInvitation],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-dialog-frame heading="Pair a device">
      <p class="text-body-secondary">
        One device shows an invitation, the other one enters it. Then both see what the other shares.
      </p>
      <div ngbNav #nav="ngbNav" class="pill-tabs mb-3" aria-label="Side of the pairing">
        <ng-container ngbNavItem>
          <button type="button" ngbNavLink>Show invitation</button>
          <ng-template ngbNavContent><app-show-invitation (closed)="modal.close()" /></ng-template>
        </ng-container>
        <ng-container ngbNavItem>
          <button type="button" ngbNavLink>Enter invitation</button>
          <ng-template ngbNavContent><app-enter-invitation (paired)="finish($event)" /></ng-template>
        </ng-container>
      </div>
      <div [ngbNavOutlet]="nav"></div>
    </app-dialog-frame>
  `,
})
export class PairDialog {
  private readonly toasts = inject(ToastStore);
  protected readonly modal = inject(NgbActiveModal);

  protected finish(peerName: string): void {
    this.modal.close();
    this.toasts.success(`Paired with ${peerName}`);
  }
}
