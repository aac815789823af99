import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { type Offer, formatBytes } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { TimeAgo } from '../format/time-ago';
import { PeersStore } from '../peers/peers-store';
import { percentOf } from '../ui/percent-of';
import { ProgressBar } from '../ui/progress-bar';
import { OfferAnswers } from './offer-answers';
import { offerLook } from './offer-look';
import { OffersStore } from './offers-store';

const SHOWN = 5;

/** What was offered from here, and how far it has come; nothing when nothing was. */
@Component({
  selector: 'app-outgoing-offers',
  imports: [ProgressBar, TimeAgo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './outgoing-offers.html',
})
export class OutgoingOffers {
  private readonly store = inject(OffersStore);
  private readonly peers = inject(PeersStore);
  protected readonly answers = inject(OfferAnswers);

  protected readonly showsAll = signal(false);
  protected readonly total = computed(() => this.store.outgoing().length);
  protected readonly rows = computed(() =>
    this.store
      .outgoing()
      .slice(0, this.showsAll() ? undefined : SHOWN)
      .map((offer) => this.rowOf(offer)),
  );
  protected readonly hasMore = computed(() => this.total() > this.rows().length);

  private rowOf(offer: Offer) {
    const { files, doneBytes = 0 } = offer;
    return {
      offer,
      look: offerLook(offer),
      what: `${formatCount(files.count, 'file')} (${formatBytes(files.bytes)})`,
      peer: this.peers.nameOf(offer.peerId),
      percent: percentOf(doneBytes, files.bytes),
      isMoving: offer.state === 'accepted' && doneBytes < files.bytes,
    };
  }
}
