import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import { NgbNavModule } from '@ng-bootstrap/ng-bootstrap/nav';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { ToastStore } from '../toasts/toast-store';
import { Comparison } from './comparison';
import { ComparisonStart, type ComparisonTarget } from './comparison-start';
import { EnterPairing } from './enter-pairing';
import { NearbyDevices } from './nearby-devices';
import { PairingRequest } from './pairing-request';
import { PairingsStore } from './pairings-store';
import { ShowInvitation } from './show-invitation';
import { StartFailureNote } from './start-failure-note';

/** What the opener may ask for. */
export interface PairDialogData {
  /** Begins a comparison with this device at once. */
  readonly target?: ComparisonTarget;
  /** Shows this comparison. */
  readonly pairingId?: string;
}

/** All ways to pair. A request that comes while it is open is shown in it. */
@Component({
  selector: 'app-pair-dialog',
  imports: [
    Comparison,
    DialogFrame,
    EnterPairing,
    NearbyDevices,
    NgbNavModule,
    PairingRequest,
    ShowInvitation,
    StartFailureNote,
  ],
  providers: [ComparisonStart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './pair-dialog.html',
})
export class PairDialog {
  private readonly toasts = inject(ToastStore);
  private readonly store = inject(PairingsStore);
  protected readonly starts = inject(ComparisonStart);
  protected readonly modal = inject(NgbActiveModal);

  /** What this dialog begins itself is not asked for. */
  protected readonly requests = computed(() => (this.starts.dialling() ? [] : this.store.waiting()));

  constructor() {
    inject(DestroyRef).onDestroy(this.store.openDialog());
    const { target, pairingId } = (inject(DIALOG_DATA) ?? {}) as PairDialogData;
    if (pairingId !== undefined) this.starts.show(pairingId);
    else if (target) void this.starts.start(target);
  }

  protected finish(peerName: string): void {
    this.modal.close();
    this.toasts.success(`Paired with ${peerName}`);
  }
}
