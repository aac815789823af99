import { EVENTS, parseOfferWithdrawn, ProtocolError } from '@ferry/protocol';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PeersService } from '../../peers/peers.service';
import type { PeerSession } from '../../transport/peer-session';
import { PeerTransport } from '../../transport/peer-transport';
import { IncomingOffers } from './incoming-offers';
import { OfferRegister } from './offer-register';
import { OFFERS_OPTIONS, type OffersOptions } from './offers-options';

/** Ends offers when their peer takes them back, stays away or is forgotten. */
@Injectable()
export class OfferWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly subscriptions: (() => void)[] = [];
  private readonly absences = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly register: OfferRegister,
    private readonly incoming: IncomingOffers,
    private readonly peers: PeersService,
    private readonly transport: PeerTransport,
    @Inject(OFFERS_OPTIONS) private readonly options: OffersOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.subscriptions.push(
      this.transport.onEvent((session, { pattern, data }) => {
        if (pattern === EVENTS.offerWithdrawn) this.withdrawn(session, data);
      }),
      this.peers.news.onOffline((peerId) => this.left(peerId)),
      this.peers.news.onOnline((peerId) => this.cameBack(peerId)),
      this.peers.news.onCutOff((peerId) => this.cutOff(peerId)),
    );
  }

  onModuleDestroy(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
    for (const timer of this.absences.values()) clearTimeout(timer);
  }

  private withdrawn(session: PeerSession, data: unknown): void {
    try {
      this.incoming.withdrawn(session.peerId, parseOfferWithdrawn(data).offerId);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      session.abort(error);
    }
  }

  /** A session that is lost comes back as a rule, so what waits is not over at once. */
  private left(peerId: string): void {
    this.cameBack(peerId);
    this.absences.set(peerId, setTimeout(() => this.gone(peerId), this.options.offlineGraceMs).unref());
  }

  private cameBack(peerId: string): void {
    clearTimeout(this.absences.get(peerId));
    this.absences.delete(peerId);
  }

  private gone(peerId: string): void {
    this.cameBack(peerId);
    for (const offer of this.register.book.open('in', peerId)) this.register.become(offer, 'withdrawn');
    for (const offer of this.register.book.open('out', peerId)) this.register.become(offer, 'expired');
  }

  /** Nothing goes on with this peer, also not what it accepted. */
  private cutOff(peerId: string): void {
    this.gone(peerId);
    for (const offer of this.register.book.accepted(peerId)) this.register.abandon(offer);
  }
}
