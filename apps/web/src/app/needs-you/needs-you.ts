import { Injectable, computed, inject, linkedSignal } from '@angular/core';
import { OffersStore } from '../offers/offers-store';
import { PairingsStore } from '../pairing/pairings-store';

/** What waits for an answer of this user. */
@Injectable({ providedIn: 'root' })
export class NeedsYou {
  private readonly offers = inject(OffersStore);
  private readonly store = inject(PairingsStore);

  /** The newest first, as the offers: all of them last equally long. */
  readonly pairings = computed(() => [...this.store.waiting()].sort((a, b) => b.expiresAt.localeCompare(a.expiresAt)));
  readonly incomingOffers = this.offers.incoming;
  readonly count = computed(() => this.pairings().length + this.incomingOffers().length);

  private readonly ids = computed(() => [...this.pairings(), ...this.incomingOffers()].map(({ id }) => id));
  private readonly collapsed = linkedSignal<readonly string[], boolean>({
    source: this.ids,
    computation: (ids, before) => before !== undefined && before.value && ids.every((id) => before.source.includes(id)),
  });
  /** The user wants to see one line of it only, until something new waits. */
  readonly isCollapsed = this.collapsed.asReadonly();

  toggle(): void {
    this.collapsed.update((isCollapsed) => !isCollapsed);
  }
}
