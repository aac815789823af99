import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { OfferState } from '@ferry/protocol';
import { isFinal } from '../transfer-state';
import { OfferBook } from './offer-book';
import { OfferError } from './offer-error';
import { OfferNews } from './offer-news';
import type { OfferRecord, OutgoingOffer } from './offer-record';
import { OfferTransfers } from './offer-transfers';
import { OFFERS_OPTIONS, type OffersOptions } from './offers-options';

/** While an offer is being accepted, its end waits. */
const RETRY_MS = 1_000;

/** The only place that changes an offer's state: checks the step, ends what belongs to it, tells the world. */
@Injectable()
export class OfferRegister implements OnModuleDestroy {
  readonly book: OfferBook;
  private readonly expiries = new Map<OfferRecord, NodeJS.Timeout>();
  private seq = 0;

  constructor(
    private readonly news: OfferNews,
    private readonly transfers: OfferTransfers,
    @Inject(OFFERS_OPTIONS) options: OffersOptions,
  ) {
    this.book = new OfferBook(
      options.maxRemembered,
      (offer) => this.isOver(offer),
      (offer) => this.forget(offer),
    );
  }

  onModuleDestroy(): void {
    for (const timer of this.expiries.values()) clearTimeout(timer);
    this.expiries.clear();
  }

  nextSeq(): number {
    return (this.seq += 1);
  }

  /** @throws OfferError NOT_FOUND */
  get(id: string): OfferRecord {
    const offer = this.book.find(id);
    if (!offer) throw new OfferError('NOT_FOUND', 'This offer is not known any more.');
    return offer;
  }

  /** Takes a waiting offer in; it expires by itself. Nobody is told before `announce`. */
  add(offer: OfferRecord): void {
    this.book.add(offer);
    this.expireIn(offer, offer.lifetimeMs);
  }

  announce(offer: OfferRecord): void {
    this.news.added(offer);
  }

  /** Only from `waiting`: anything later is not news, and ignored. */
  become(offer: OfferRecord, state: Exclude<OfferState, 'waiting' | 'queued'>): void {
    if (offer.state !== 'waiting') return;
    offer.state = state;
    clearTimeout(this.expiries.get(offer));
    this.expiries.delete(offer);
    if (offer.direction === 'in') offer.shown.forget();
    else if (state !== 'accepted') offer.release();
    this.news.changed(offer);
  }

  /** An offer that came to nothing before anybody was told of it. */
  drop(offer: OfferRecord): void {
    this.book.remove(offer);
  }

  /** An accepted offer of ours that will not be pulled any further. */
  abandon(offer: OutgoingOffer): void {
    offer.release();
    if (this.isOver(offer)) return;
    offer.transferState = 'cancelled';
    this.moved(offer);
  }

  /** More of an outgoing offer has arrived, or its transfer has another state. */
  moved(offer: OfferRecord): void {
    this.news.moved(offer);
  }

  private isOver(offer: OfferRecord): boolean {
    if (offer.state !== 'accepted') return offer.state !== 'waiting';
    const state = offer.direction === 'out' ? offer.transferState : this.transfers.stateOf(offer);
    return offer.direction === 'out' ? state !== undefined && isFinal(state) : state === undefined || isFinal(state);
  }

  private expireIn(offer: OfferRecord, afterMs: number): void {
    const expire = (): void => {
      if (offer.direction === 'in' && offer.isBeingAccepted) this.expireIn(offer, RETRY_MS);
      else this.become(offer, 'expired');
    };
    this.expiries.set(offer, setTimeout(expire, afterMs).unref());
  }

  private forget(offer: OfferRecord): void {
    if (offer.direction === 'out') offer.release();
    this.news.forget(offer);
  }
}
