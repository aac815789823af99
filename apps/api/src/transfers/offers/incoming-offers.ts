import { randomUUID } from 'node:crypto';
import { ProtocolError, type OfferMake, type TransferStatus } from '@ferry/protocol';
import { Injectable, Logger } from '@nestjs/common';
import type { PeerSession } from '../../transport/peer-session';
import { OfferAcceptance } from './offer-acceptance';
import { OfferDoor } from './offer-door';
import type { IncomingOffer } from './offer-record';
import { OfferRegister } from './offer-register';
import { OfferTransfers } from './offer-transfers';
import { ShownEntries } from './shown-entries';

/** What peers say about the offers they make to this device. */
@Injectable()
export class IncomingOffers {
  private readonly logger = new Logger(IncomingOffers.name);

  constructor(
    private readonly register: OfferRegister,
    private readonly door: OfferDoor,
    private readonly acceptance: OfferAcceptance,
    private readonly transfers: OfferTransfers,
  ) {}

  /**
   * Takes an offer in; the same one again changes nothing, another one under the same id ends the session.
   * @throws ProtocolError OFFER_REFUSED, UNEXPECTED_MESSAGE
   */
  async receive(session: PeerSession, make: OfferMake): Promise<void> {
    const { peerId } = session;
    if (this.isKnown(session, make)) return;
    await this.door.check(peerId, make);
    if (this.isKnown(session, make)) return; // it came twice at once
    this.door.assertRoom(peerId);
    const offer: IncomingOffer = {
      ...make,
      seq: this.register.nextSeq(),
      id: randomUUID(),
      direction: 'in',
      peerId,
      createdAt: Date.now(),
      state: 'waiting',
      shown: new ShownEntries(),
      isBeingAccepted: false,
      isUnasked: this.door.isWelcome(peerId, make),
    };
    this.register.add(offer);
    this.register.announce(offer);
    if (offer.isUnasked) setImmediate(() => void this.acceptUnasked(offer)); // after our answer
  }

  /** The peer takes an offer back. One that was answered, or never made, is none of its business any more. */
  withdrawn(peerId: string, offerId: string): void {
    const offer = this.register.book.incoming(peerId, offerId);
    if (offer) this.register.become(offer, 'withdrawn');
  }

  /** How far the pulling of a peer's offer is. @throws ProtocolError UNKNOWN_OFFER */
  status(peerId: string, offerId: string): TransferStatus {
    const offer = this.register.book.incoming(peerId, offerId);
    if (offer?.state === 'waiting') return { state: 'pending-approval', doneBytes: 0, totalBytes: offer.bytes };
    if (offer?.state === 'declined') return { state: 'declined', doneBytes: 0, totalBytes: offer.bytes };
    const transfer = this.transfers.find(peerId, offerId);
    if (!transfer) throw new ProtocolError('UNKNOWN_OFFER', 'no such offer');
    const { state, doneBytes, totalBytes } = transfer;
    return { state, doneBytes: Math.min(doneBytes, totalBytes), totalBytes };
  }

  private isKnown(session: PeerSession, make: OfferMake): boolean {
    const known = this.register.book.incoming(session.peerId, make.offerId);
    if (!known) return false;
    const isSame =
      known.count === make.count &&
      known.bytes === make.bytes &&
      known.message === make.message &&
      known.lifetimeMs === make.lifetimeMs;
    if (isSame) return true;
    const error = new ProtocolError('UNEXPECTED_MESSAGE', `another offer was made as ${make.offerId}`);
    session.abort(error);
    throw error;
  }

  private async acceptUnasked(offer: IncomingOffer): Promise<void> {
    try {
      await this.acceptance.accept(offer);
    } catch (error) {
      this.logger.debug({ err: error }, 'an offer was not accepted by itself');
    }
  }
}
