import { Injectable, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { Offer } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { sentenceOf } from '../http/sentence-of';
import { PeersStore } from '../peers/peers-store';
import { ToastStore } from '../toasts/toast-store';
import { OffersStore } from './offers-store';

/** What the buttons of an offer do, with a message of the outcome. */
@Injectable({ providedIn: 'root' })
export class OfferAnswers {
  private readonly store = inject(OffersStore);
  private readonly peers = inject(PeersStore);
  private readonly toasts = inject(ToastStore);
  private readonly router = inject(Router);
  private readonly busy = signal(false);

  readonly isBusy = this.busy.asReadonly();

  /** @returns whether it worked, as the others here. */
  accept(offer: Offer): Promise<boolean> {
    return this.attempt(async () => {
      await this.store.accept(offer.id);
      this.toasts.success(`Getting ${formatCount(offer.files.count, 'file')} from ${this.peers.nameOf(offer.peerId)}`, {
        label: 'Show',
        run: () => void this.router.navigateByUrl('/transfers'),
      });
    });
  }

  decline(offer: Offer): Promise<boolean> {
    return this.attempt(() => this.store.decline(offer.id));
  }

  withdraw(offer: Offer): Promise<boolean> {
    return this.attempt(() => this.store.withdraw(offer.id));
  }

  private async attempt(deed: () => Promise<void>): Promise<boolean> {
    if (this.busy()) return false;
    this.busy.set(true);
    try {
      await deed();
      return true;
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
      return false;
    } finally {
      this.busy.set(false);
    }
  }
}
