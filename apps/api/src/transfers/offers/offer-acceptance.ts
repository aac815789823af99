import { FileStore, FileStoreError } from '@ferry/file-store';
import { PATTERNS, ProtocolError, type AcceptOfferRequest, type Page, type RemoteEntry } from '@ferry/protocol';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { PeersService } from '../../peers/peers.service';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { TransferDraft } from '../drafts/transfer-draft';
import type { PageCursor } from '../transfer-pages';
import { OfferError } from './offer-error';
import { fetchOfferPage, offerPages } from './offer-pages';
import type { IncomingOffer } from './offer-record';
import { OfferRegister } from './offer-register';
import { OfferTransfers } from './offer-transfers';
import { OFFERS_OPTIONS, type OffersOptions } from './offers-options';
import { slicePage } from './slice-page';

const OVER: Partial<Record<IncomingOffer['state'], string>> = {
  withdrawn: 'The other device has taken this offer back.',
  expired: 'This offer has expired: ask for it to be made again.',
};

/** What the user, or a permission, says to an offer of a peer. */
@Injectable()
export class OfferAcceptance {
  private readonly logger = new Logger(OfferAcceptance.name);

  constructor(
    private readonly register: OfferRegister,
    private readonly peers: PeersService,
    private readonly store: FileStore,
    private readonly transfers: OfferTransfers,
    @Inject(OFFERS_OPTIONS) private readonly options: OffersOptions,
  ) {}

  /**
   * Makes one transfer of the offer's entries, or of the chosen ones. The peer lists them first; a list that contradicts the
   * offer ends the session and the offer.
   * @throws OfferError ANSWERED, EXPIRED; FileStoreError NO_SPACE, NOT_FOUND and those of refused files; PeerError.
   */
  async accept(offer: IncomingOffer, choice: AcceptOfferRequest = {}): Promise<void> {
    assertWaiting(offer);
    offer.isBeingAccepted = true;
    try {
      await this.withPeer(offer, this.options.listTimeoutMs, (session, signal) =>
        this.take(session, offer, choice, signal),
      );
    } finally {
      offer.isBeingAccepted = false;
    }
  }

  /** Says no. The peer is told if it is here, else it learns by asking. @throws OfferError ANSWERED, EXPIRED */
  async decline(offer: IncomingOffer): Promise<void> {
    assertWaiting(offer);
    this.register.become(offer, 'declined');
    const session = this.peers.onlineSessions().find(({ peerId }) => peerId === offer.peerId);
    const answer = { offerId: offer.offerId, accept: false };
    const signal = AbortSignal.timeout(this.options.answerTimeoutMs);
    await session
      ?.request(PATTERNS.offerAnswer, answer, signal)
      .catch((error: unknown) =>
        this.logger.debug({ err: error }, 'the peer was not told that its offer was declined'),
      );
  }

  /** One page of the offer's files, asked for now. @throws OfferError EXPIRED; PeerError; FileStoreError BAD_CURSOR */
  files(offer: IncomingOffer, query: PageCursor): Promise<Page<RemoteEntry>> {
    const over = OVER[offer.state];
    if (over !== undefined) throw new OfferError('EXPIRED', over);
    return this.withPeer(offer, this.options.answerTimeoutMs, async (session, signal) => ({
      ...(await slicePage(
        query,
        (cursor) => fetchOfferPage(session, offer, cursor, signal),
        (page) => offer.shown.show(page),
      )),
      total: offer.count,
    }));
  }

  private async take(
    session: PeerSession,
    offer: IncomingOffer,
    { entryIds, onConflict }: AcceptOfferRequest,
    signal: AbortSignal,
  ): Promise<void> {
    const chosen = entryIds && new Set(entryIds);
    if (!chosen) await this.store.staging.checkSpace(offer.id, offer.bytes);
    const draft = this.transfers.draft(offer.peerId, offer.offerId, onConflict);
    try {
      await this.fill(draft, session, offer, chosen, signal);
      draft.assertSomeAccepted();
      if (chosen) await this.store.staging.checkSpace(offer.id, draft.bytes);
      await sayYes(session, offer, signal);
      assertStillWaiting(offer);
    } catch (error) {
      await draft.discard();
      throw error;
    }
    offer.transferId = draft.finish().id;
    this.register.become(offer, 'accepted');
  }

  private async fill(
    draft: TransferDraft,
    session: PeerSession,
    offer: IncomingOffer,
    chosen: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    let found = 0;
    for await (const entries of offerPages(session, offer, signal)) {
      const wanted = chosen ? entries.filter(({ id }) => chosen.has(id)) : entries;
      found += wanted.length;
      await draft.add(wanted);
    }
    if (chosen && found < chosen.size)
      throw new FileStoreError('NOT_FOUND', 'The offer does not hold all the entries that were chosen.');
  }

  /** Asks the peer, and puts into words what it does wrong. */
  private async withPeer<T>(
    offer: IncomingOffer,
    timeoutMs: number,
    work: (session: PeerSession, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const signal = AbortSignal.timeout(timeoutMs);
    let session: PeerSession | undefined;
    try {
      session = await this.peers.sessionFor(offer.peerId, signal);
      return await work(session, signal);
    } catch (error) {
      if (error === signal.reason && signal.aborted)
        throw new PeerError('TIMEOUT', `The other device did not list its files within ${timeoutMs / 1000} seconds.`);
      if (error instanceof PeerError && error.remoteCode === 'UNKNOWN_OFFER') {
        this.register.become(offer, 'withdrawn');
        throw new OfferError('EXPIRED', OVER.withdrawn as string, { cause: error });
      }
      if (error instanceof PeerError && error.remoteCode === 'MALFORMED_MESSAGE')
        throw new FileStoreError('BAD_CURSOR', 'The other device does not know this cursor.', { cause: error });
      if (!(error instanceof ProtocolError)) throw error;
      session?.abort(error);
      this.register.become(offer, 'withdrawn');
      const text = `The other device broke the rules (${error.message}): its offer was thrown away.`;
      throw new PeerError('REMOTE', text, { cause: error });
    }
  }
}

/** A session that is lost meanwhile does not undo the answer: the peer learns it by asking for the status. */
async function sayYes(session: PeerSession, { offerId }: IncomingOffer, signal: AbortSignal): Promise<void> {
  try {
    await session.request(PATTERNS.offerAnswer, { offerId, accept: true }, signal);
  } catch (error) {
    const isLost = error instanceof PeerError && error.code === 'SESSION_CLOSED';
    if (!isLost && !signal.aborted) throw error;
  }
}

function assertWaiting(offer: IncomingOffer): void {
  assertStillWaiting(offer);
  if (offer.isBeingAccepted) throw new OfferError('ANSWERED', 'This offer is being accepted already.');
}

function assertStillWaiting({ state }: IncomingOffer): void {
  if (state === 'waiting') return;
  const over = OVER[state];
  if (over !== undefined) throw new OfferError('EXPIRED', over);
  throw new OfferError('ANSWERED', `This offer was ${state} already.`);
}
