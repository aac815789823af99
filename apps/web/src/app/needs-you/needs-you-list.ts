import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { OfferRequest } from '../offers/offer-request';
import { PairingRequest } from '../pairing/pairing-request';
import { PeerDialogs } from '../peers/peer-dialogs';
import { NeedsYou } from './needs-you';

/** Requests with their buttons, wherever they are shown. */
@Component({
  selector: 'app-needs-you-list',
  imports: [OfferRequest, PairingRequest],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="d-grid gap-3">
      @if (showPairings()) {
        @for (pairing of needs.pairings(); track pairing.id) {
          <app-pairing-request [pairing]="pairing" (compared)="dialogs.compare(pairing.id)" />
        }
      }
      @for (offer of needs.incomingOffers(); track offer.id) {
        <app-offer-request [offer]="offer" />
      }
    </div>
  `,
})
export class NeedsYouList {
  protected readonly needs = inject(NeedsYou);
  protected readonly dialogs = inject(PeerDialogs);

  readonly showPairings = input(true);
}
