import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { OfferRequest } from '../offers/offer-request';
import { PairingRequest } from '../pairing/pairing-request';
import { PeerDialogs } from '../peers/peer-dialogs';
import { NeedsYou } from './needs-you';

/** Requests with their buttons, wherever they are shown: to pair first, then the newest. */
@Component({
  selector: 'app-needs-you-list',
  imports: [OfferRequest, PairingRequest],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="d-grid gap-3">
      @for (pairing of pairings(); track pairing.id) {
        <app-pairing-request [pairing]="pairing" (compared)="dialogs.compare(pairing.id)" />
      }
      @for (offer of offers(); track offer.id) {
        <app-offer-request [offer]="offer" />
      }
    </div>
  `,
})
export class NeedsYouList {
  private readonly needs = inject(NeedsYou);
  protected readonly dialogs = inject(PeerDialogs);

  readonly showPairings = input(true);
  /** How many at most. */
  readonly max = input(Infinity);

  protected readonly pairings = computed(() => (this.showPairings() ? this.needs.pairings().slice(0, this.max()) : []));
  protected readonly offers = computed(() => this.needs.incomingOffers().slice(0, this.max() - this.pairings().length));
}
