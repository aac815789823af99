import { Injectable, computed, inject } from '@angular/core';
import { OffersStore } from '../offers/offers-store';
import { PairingsStore } from '../pairing/pairings-store';

/** What waits for an answer of this user. */
@Injectable({ providedIn: 'root' })
export class NeedsYou {
  private readonly offers = inject(OffersStore);
  private readonly store = inject(PairingsStore);

  readonly pairings = this.store.waiting;
  readonly incomingOffers = this.offers.incoming;
  readonly count = computed(() => this.pairings().length + this.incomingOffers().length);
}
