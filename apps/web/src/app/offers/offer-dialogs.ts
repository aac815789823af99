import { Injectable, inject } from '@angular/core';
import type { FileEntry, Offer } from '@ferry/protocol';
import { Dialogs } from '../dialogs/dialogs';

/** Opens what can be done with offers, from any page. */
@Injectable({ providedIn: 'root' })
export class OfferDialogs {
  private readonly dialogs = inject(Dialogs);

  /** @returns whether they were offered. */
  async send(files: readonly FileEntry[]): Promise<boolean> {
    const load = () => import('./send-dialog').then(({ SendDialog }) => SendDialog);
    return (await this.dialogs.open<boolean>(load, files)) === true;
  }

  async review(offer: Offer): Promise<void> {
    await this.dialogs.openInstead(() => import('./offer-dialog').then(({ OfferDialog }) => OfferDialog), offer.id);
  }
}
