import type { IncomingOffer, OfferRecord, OutgoingOffer } from './offer-record';

/** The offers of this run of the node, oldest first. Bounded: of those that are over, the oldest are forgotten. */
export class OfferBook {
  private readonly offers = new Map<string, OfferRecord>();
  private readonly byWireId = new Map<string, OfferRecord>();

  /**
   * @param maxRemembered offers that are over, in each direction.
   * @param isOver whether nothing more happens to an offer.
   * @param onForget called with each one that is forgotten.
   */
  constructor(
    private readonly maxRemembered: number,
    private readonly isOver: (offer: OfferRecord) => boolean,
    private readonly onForget: (offer: OfferRecord) => void,
  ) {}

  add(offer: OfferRecord): void {
    this.offers.set(offer.id, offer);
    this.byWireId.set(wireKey(offer), offer);
    this.forgetOldest(offer.direction);
  }

  remove(offer: OfferRecord): void {
    this.offers.delete(offer.id);
    this.byWireId.delete(wireKey(offer));
  }

  find(id: string): OfferRecord | undefined {
    return this.offers.get(id);
  }

  /** The offer that this peer made under `offerId`. */
  incoming(peerId: string, offerId: string): IncomingOffer | undefined {
    return this.byWireId.get(wireKey({ direction: 'in', peerId, offerId })) as IncomingOffer | undefined;
  }

  /** The offer made to this peer under `offerId`. */
  outgoing(peerId: string, offerId: string): OutgoingOffer | undefined {
    return this.byWireId.get(wireKey({ direction: 'out', peerId, offerId })) as OutgoingOffer | undefined;
  }

  /** Newest first. */
  all(): OfferRecord[] {
    return [...this.offers.values()].reverse();
  }

  /** Offers about which something may still happen. */
  open<D extends OfferRecord['direction']>(direction: D, peerId?: string): Extract<OfferRecord, { direction: D }>[] {
    return this.all().filter(
      (offer): offer is Extract<OfferRecord, { direction: D }> =>
        offer.direction === direction && (peerId === undefined || offer.peerId === peerId) && !this.isOver(offer),
    );
  }

  /** Offers that this peer has accepted, also those that are over. */
  accepted(peerId: string): OutgoingOffer[] {
    return this.all().filter(
      (offer): offer is OutgoingOffer =>
        offer.direction === 'out' && offer.peerId === peerId && offer.state === 'accepted',
    );
  }

  private forgetOldest(direction: OfferRecord['direction']): void {
    const over = [...this.offers.values()].filter((offer) => offer.direction === direction && this.isOver(offer));
    for (const offer of over.slice(0, -this.maxRemembered)) {
      this.remove(offer);
      this.onForget(offer);
    }
  }
}

function wireKey({ direction, peerId, offerId }: Pick<OfferRecord, 'direction' | 'peerId' | 'offerId'>): string {
  return `${direction} ${peerId} ${offerId}`;
}
