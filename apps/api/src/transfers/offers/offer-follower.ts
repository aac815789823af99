import { parseTransferStatus, PATTERNS, ProtocolError, type TransferStatus } from '@ferry/protocol';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PeersService } from '../../peers/peers.service';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { BlockNotices, type BlockNotice } from '../serving/block-notices';
import type { OutgoingOffer } from './offer-record';
import { OfferRegister } from './offer-register';
import { OFFERS_OPTIONS, type OffersOptions } from './offers-options';

/** Follows how far peers are with the offers they accepted, and learns what was missed while they were away. */
@Injectable()
export class OfferFollower implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OfferFollower.name);
  private readonly subscriptions: (() => void)[] = [];
  private readonly asking = new Set<OutgoingOffer>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly register: OfferRegister,
    private readonly peers: PeersService,
    private readonly notices: BlockNotices,
    @Inject(OFFERS_OPTIONS) private readonly options: OffersOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.askAll('accepted'), this.options.statusMs).unref();
    this.subscriptions.push(
      this.peers.news.onOnline((peerId) => this.askAll('waiting', peerId)),
      this.notices.onBlocks((notice) => this.noticed(notice)),
    );
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    for (const unsubscribe of this.subscriptions) unsubscribe();
  }

  private askAll(state: OutgoingOffer['state'], peerId?: string): void {
    const sessions = new Map(this.peers.onlineSessions().map((session) => [session.peerId, session]));
    for (const offer of this.register.book.open('out', peerId)) {
      const session = sessions.get(offer.peerId);
      if (session && offer.state === state) void this.ask(offer, session);
    }
  }

  private noticed({ peerId, entry, fileId, bytes }: BlockNotice): void {
    for (const offer of this.register.book.accepted(peerId)) {
      if (!offer.entries.has(entry.id) || offer.transferState === 'complete') continue;
      if (offer.transferState === 'failed') offer.transferState = undefined; // it goes on: ask again
      if (offer.progress.tell(fileId, bytes)) this.register.moved(offer);
    }
  }

  private async ask(offer: OutgoingOffer, session: PeerSession): Promise<void> {
    if (this.asking.has(offer)) return;
    this.asking.add(offer);
    const signal = AbortSignal.timeout(this.options.answerTimeoutMs);
    try {
      const answer = await session.request(PATTERNS.transferStatus, { offerId: offer.offerId }, signal);
      this.apply(offer, parseTransferStatus(answer));
    } catch (error) {
      if (error instanceof ProtocolError) session.abort(error);
      else if (error instanceof PeerError && error.remoteCode === 'UNKNOWN_OFFER') this.lost(offer);
      else this.logger.debug({ err: error }, 'the peer did not say how far it is with an offer');
    } finally {
      this.asking.delete(offer);
    }
  }

  private apply(offer: OutgoingOffer, { state, doneBytes, totalBytes }: TransferStatus): void {
    if (state === 'pending-approval') return;
    this.register.become(offer, state === 'declined' ? 'declined' : 'accepted');
    if (offer.state !== 'accepted') return;
    const isNews = offer.progress.report(doneBytes, totalBytes) || offer.transferState !== state;
    offer.transferState = state;
    if (state === 'complete' || state === 'cancelled') offer.release();
    if (isNews) this.register.moved(offer);
  }

  /** The peer knows nothing of the offer: it was started again, or its user took the finished transfer off the list. */
  private lost(offer: OutgoingOffer): void {
    this.register.become(offer, 'expired');
    if (offer.state === 'accepted') this.register.abandon(offer);
  }
}
