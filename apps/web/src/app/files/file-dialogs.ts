import { Injectable, inject } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { Dialogs } from '../dialogs/dialogs';
import { OfferDialogs } from '../offers/offer-dialogs';
import { ToastStore } from '../toasts/toast-store';

/** Opens what can be done with files of this device. */
@Injectable({ providedIn: 'root' })
export class FileDialogs {
  private readonly dialogs = inject(Dialogs);
  private readonly offers = inject(OfferDialogs);
  private readonly toasts = inject(ToastStore);

  /** @returns whether it was changed. */
  async visibility(files: readonly FileEntry[]): Promise<boolean> {
    const load = () => import('./visibility-dialog').then(({ VisibilityDialog }) => VisibilityDialog);
    return (await this.dialogs.open<boolean>(load, files)) === true;
  }

  /** @returns whether they were offered: what is not on the disk any more cannot be. */
  async send(files: readonly FileEntry[]): Promise<boolean> {
    const there = files.filter(({ state }) => state !== 'missing');
    if (there.length > 0) return this.offers.send(there);
    this.toasts.danger('These files are missing on the disk.');
    return false;
  }
}
