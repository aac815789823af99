import { randomUUID } from 'node:crypto';
import { FileStore } from '@ferry/file-store';
import {
  countFittingEntries,
  EVENTS,
  FEATURES,
  PATTERNS,
  ProtocolError,
  type MakeOfferRequest,
  type OfferAnswer,
  type OfferFilesRequest,
  type OfferFilesResponse,
} from '@ferry/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { PeersService } from '../../peers/peers.service';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { toRemoteEntry } from '../serving/remote-page';
import { ShareAccess } from '../serving/share-access';
import { OfferError } from './offer-error';
import { OfferProgress } from './offer-progress';
import type { OutgoingOffer } from './offer-record';
import { OfferRegister } from './offer-register';
import { OfferedEntries } from './offered-entries';
import { OFFERS_OPTIONS, type OffersOptions } from './offers-options';

/** Files looked at for one page of `offer.files`; as a rule fewer fit into its frame. */
const PAGE_FILES = 400;

/** The offers this device makes. */
@Injectable()
export class OutgoingOffers {
  constructor(
    private readonly register: OfferRegister,
    private readonly peers: PeersService,
    private readonly store: FileStore,
    private readonly access: ShareAccess,
    @Inject(OFFERS_OPTIONS) private readonly options: OffersOptions,
  ) {}

  /**
   * Makes one offer to each peer. All of them must be online, else none is made. A folder is offered as the files in it, with their
   * paths, and, to peers that know folders, the empty folders. From then on a peer may read what it was
   * offered. An offer that only some peers refuse is declined by those.
   * @throws FileStoreError NOT_FOUND; OfferError TOO_MANY, TOO_MANY_FILES, REFUSED by all; PeerError NOT_FOUND, NOT_PAIRED, OFFLINE.
   */
  async make({ peerIds, entryIds, message }: MakeOfferRequest): Promise<OutgoingOffer[]> {
    const entries = await OfferedEntries.take(this.store.entries, [...new Set(entryIds)]);
    const signal = AbortSignal.timeout(this.options.answerTimeoutMs);
    const sessions = await Promise.all([...new Set(peerIds)].map((id) => this.peers.sessionFor(id, signal)));
    const files = entries.withoutFolders();
    const offered = sessions.map((session) => (knowsFolders(session) ? entries : files));
    if (offered.some(({ count }) => count === 0))
      throw new OfferError(
        'REFUSED',
        'There are only empty folders, and a device does not know folders: update Ferry there.',
      );
    this.makeRoom(offered);
    const tries = await Promise.all(
      sessions.map((session, place) => this.offer(session, offered[place] as OfferedEntries, message, signal)),
    );
    const offers = tries.map(({ offer }) => offer);
    const isTaken = tries.some(({ error }) => error === undefined);
    for (const offer of offers) {
      if (isTaken) this.register.announce(offer);
      else this.register.drop(offer);
    }
    if (!isTaken) throw tries[0]?.error;
    return offers;
  }

  /** One page of what was offered to the peer. @throws ProtocolError UNKNOWN_OFFER, MALFORMED_MESSAGE for an unknown cursor. */
  page(peerId: string, { offerId, cursor = '0' }: OfferFilesRequest): OfferFilesResponse {
    const offer = this.openOffer(peerId, offerId);
    const from = /^\d{1,6}$/.test(cursor) ? Number(cursor) : Infinity;
    if (from >= offer.count) throw new ProtocolError('MALFORMED_MESSAGE', 'no such page of the offer');
    const files = offer.entries.page(from, PAGE_FILES);
    if (!files) {
      this.withdraw(offer); // nobody shall get something else than what was offered
      throw new ProtocolError('UNKNOWN_OFFER', 'no such offer');
    }
    const entries = files.map(toRemoteEntry);
    const fitting = entries.slice(0, countFittingEntries(entries));
    const next = from + fitting.length;
    return { entries: fitting, nextCursor: next < offer.count ? String(next) : null };
  }

  /** The peer's answer; the same one again changes nothing. @throws ProtocolError UNKNOWN_OFFER */
  answered(peerId: string, { offerId, accept }: OfferAnswer): OutgoingOffer {
    const offer = this.register.book.outgoing(peerId, offerId);
    const state = accept ? 'accepted' : 'declined';
    if (offer) this.register.become(offer, state);
    if (offer?.state !== state) throw new ProtocolError('UNKNOWN_OFFER', 'no such offer');
    return offer;
  }

  /** Takes an unanswered offer back; the peer is told if it is here, else it learns by asking. */
  withdraw(offer: OutgoingOffer): void {
    this.register.become(offer, 'withdrawn');
    const session = this.peers.onlineSessions().find(({ peerId }) => peerId === offer.peerId);
    session?.notify(EVENTS.offerWithdrawn, { offerId: offer.offerId });
  }

  /** What peers accepted that are not here any more gives way, the oldest first. @throws OfferError TOO_MANY */
  private makeRoom(offered: readonly OfferedEntries[]): void {
    const online = new Set(this.peers.onlineSessions().map(({ peerId }) => peerId));
    const open = this.register.book.open('out');
    const missing = open.length + offered.length - this.options.maxOutgoing;
    const idle = open.filter(({ state, peerId }) => state === 'accepted' && !online.has(peerId));
    if (missing > idle.length)
      throw new OfferError('TOO_MANY', `${open.length} offers are under way: wait until some are answered or done.`);
    for (const offer of idle.slice(idle.length - Math.max(missing, 0))) this.register.abandon(offer);
    const entries = [...this.register.book.open('out'), ...offered].reduce((sum, { count }) => sum + count, 0);
    if (entries > this.options.maxOutgoingEntries)
      throw new OfferError(
        'TOO_MANY',
        `Too many files are on offer at a time: wait until some offers are answered or done.`,
      );
  }

  private async offer(
    session: PeerSession,
    entries: OfferedEntries,
    message: string | undefined,
    signal: AbortSignal,
  ): Promise<{ offer: OutgoingOffer; error?: unknown }> {
    const { peerId } = session;
    const { count, bytes } = entries;
    const { lifetimeMs } = this.options;
    const make = { offerId: randomUUID(), count, bytes, ...(message !== undefined && { message }), lifetimeMs };
    const offer: OutgoingOffer = {
      ...make,
      seq: this.register.nextSeq(),
      id: randomUUID(),
      direction: 'out',
      peerId,
      createdAt: Date.now(),
      state: 'waiting',
      entries,
      progress: new OfferProgress(bytes),
      release: this.access.grant(peerId, entries.entryIds), // first: the peer may accept before its answer is here
    };
    this.register.add(offer);
    try {
      await session.request(PATTERNS.offerMake, make, signal);
      return { offer };
    } catch (error) {
      this.register.become(offer, 'declined');
      return { offer, error: inWords(error, this.peers.get(peerId).name) };
    }
  }

  private openOffer(peerId: string, offerId: string): OutgoingOffer {
    const offer = this.register.book.outgoing(peerId, offerId);
    if (offer?.state === 'waiting' || offer?.state === 'accepted') return offer;
    throw new ProtocolError('UNKNOWN_OFFER', 'no such offer');
  }
}

function knowsFolders({ remoteHello }: PeerSession): boolean {
  return remoteHello.features.includes(FEATURES.folders);
}

function inWords(error: unknown, peerName: string): unknown {
  if (!(error instanceof PeerError)) return new PeerError('TIMEOUT', `${peerName} did not answer.`, { cause: error });
  const { remoteCode, message, cause } = error;
  if (remoteCode === 'UNKNOWN_PATTERN')
    return new OfferError('REFUSED', `${peerName} does not know offers: update Ferry there.`, { cause });
  if (remoteCode === 'OFFER_REFUSED')
    return new OfferError('REFUSED', `${peerName} does not take this offer. ${message}`, { cause });
  return error;
}
