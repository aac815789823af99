import { FileStoreError } from '@ferry/file-store';
import {
  DEFAULT_PAGE_LIMIT,
  displayText,
  MAX_OFFER_MESSAGE_CHARS,
  type AcceptOfferRequest,
  type MakeOfferRequest,
  type Offer,
  type Page,
  type RemoteEntry,
} from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import { toRemoteEntry } from '../serving/remote-page';
import type { PageCursor } from '../transfer-pages';
import { OfferAcceptance } from './offer-acceptance';
import { OfferError } from './offer-error';
import { toOffer, type IncomingOffer, type OfferRecord, type OutgoingOffer } from './offer-record';
import { OfferRegister } from './offer-register';
import { OutgoingOffers } from './outgoing-offers';

/** What the user can do with offers. */
@Injectable()
export class OffersService {
  constructor(
    private readonly register: OfferRegister,
    private readonly acceptance: OfferAcceptance,
    private readonly outgoing: OutgoingOffers,
  ) {}

  /** Newest first. @throws FileStoreError BAD_CURSOR */
  list({ limit = DEFAULT_PAGE_LIMIT, cursor }: PageCursor, direction?: Offer['direction']): Page<Offer> {
    const all = this.register.book.all().filter((offer) => direction === undefined || offer.direction === direction);
    const before = cursor === undefined ? Infinity : parseNumber(cursor);
    const rest = all.filter(({ seq }) => seq < before);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(toOffer),
      nextCursor: last && rest.length > items.length ? String(last.seq) : null,
      total: all.length,
    };
  }

  /** @throws OfferError NOT_FOUND */
  get(id: string): Offer {
    return toOffer(this.register.get(id));
  }

  /** One offer a peer. @throws as `OutgoingOffers.make` */
  async make(request: MakeOfferRequest): Promise<Offer[]> {
    const message = displayText(request.message ?? '', MAX_OFFER_MESSAGE_CHARS);
    const { peerIds, entryIds } = request;
    const offers = await this.outgoing.make({ peerIds, entryIds, ...(message !== '' && { message }) });
    return offers.map(toOffer);
  }

  /** The files of an offer; of an incoming one they are asked for now. @throws OfferError, PeerError, FileStoreError BAD_CURSOR */
  async files(id: string, query: PageCursor): Promise<Page<RemoteEntry>> {
    const offer = this.register.get(id);
    return offer.direction === 'in' ? this.acceptance.files(offer, query) : ownFiles(offer, query);
  }

  /** @throws OfferError NOT_FOUND, ILLEGAL_TRANSITION and as `OfferAcceptance.accept` */
  async accept(id: string, choice: AcceptOfferRequest): Promise<Offer> {
    const offer = this.incoming(id);
    await this.acceptance.accept(offer, choice);
    return toOffer(offer);
  }

  /** @throws OfferError NOT_FOUND, ILLEGAL_TRANSITION, ANSWERED, EXPIRED */
  async decline(id: string): Promise<Offer> {
    const offer = this.incoming(id);
    await this.acceptance.decline(offer);
    return toOffer(offer);
  }

  /** @throws OfferError NOT_FOUND, ILLEGAL_TRANSITION, ANSWERED, EXPIRED */
  withdraw(id: string): void {
    const offer = this.register.get(id);
    if (offer.direction === 'in')
      throw new OfferError('ILLEGAL_TRANSITION', 'The other device made this offer: decline it instead.');
    if (offer.state === 'expired') throw new OfferError('EXPIRED', 'This offer has expired already.');
    if (offer.state !== 'waiting') throw new OfferError('ANSWERED', `This offer was ${offer.state} already.`);
    this.outgoing.withdraw(offer);
  }

  private incoming(id: string): IncomingOffer {
    const offer: OfferRecord = this.register.get(id);
    if (offer.direction === 'in') return offer;
    throw new OfferError('ILLEGAL_TRANSITION', 'This device made the offer: the other one answers it.');
  }
}

function ownFiles(
  { entries, count }: OutgoingOffer,
  { cursor = '0', limit = DEFAULT_PAGE_LIMIT }: PageCursor,
): Page<RemoteEntry> {
  const from = parseNumber(cursor);
  const end = from + limit;
  const items = entries.existing(from, limit).map(toRemoteEntry);
  return { items, nextCursor: end < count ? String(end) : null, total: count };
}

function parseNumber(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new FileStoreError('BAD_CURSOR', 'The cursor does not belong to this list.');
}
