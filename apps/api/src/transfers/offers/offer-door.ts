import { FileStore, FileStoreError } from '@ferry/file-store';
import { ProtocolError, type OfferMake } from '@ferry/protocol';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { PeersService } from '../../peers/peers.service';
import { SettingsService } from '../../settings/settings.service';
import { OfferRegister } from './offer-register';
import { OFFERS_OPTIONS, type OffersOptions } from './offers-options';

/** Which offers are let in, and which are accepted without asking. */
@Injectable()
export class OfferDoor {
  private readonly logger = new Logger(OfferDoor.name);

  constructor(
    private readonly register: OfferRegister,
    private readonly peers: PeersService,
    private readonly store: FileStore,
    @Inject(OFFERS_OPTIONS) private readonly options: OffersOptions,
    private readonly settings: SettingsService,
  ) {}

  /** @throws ProtocolError OFFER_REFUSED: not taken from this peer, too many wait, or never to be received here. */
  async check(peerId: string, { count, bytes }: OfferMake): Promise<void> {
    if (!this.peers.permissionsOf(peerId).sendToMe) refuse('offers of this device are not taken');
    this.assertRoom(peerId);
    const { maxFileSize } = this.settings.current();
    if (maxFileSize > 0 && bytes > count * maxFileSize) this.tooLarge(bytes, `no file may exceed ${maxFileSize} bytes`);
    try {
      await this.store.staging.checkSpace('', bytes);
    } catch (error) {
      if (error instanceof FileStoreError && error.code === 'NO_SPACE') this.tooLarge(bytes, error.message);
      throw error;
    }
  }

  /** @throws ProtocolError OFFER_REFUSED when too many offers wait already. */
  assertRoom(peerId: string): void {
    const waiting = this.register.book.open('in').filter(({ state }) => state === 'waiting');
    const ofPeer = waiting.filter((offer) => offer.peerId === peerId);
    if (ofPeer.length >= this.options.maxWaitingPerPeer) refuse(`${ofPeer.length} offers wait for an answer already`);
    if (waiting.length >= this.options.maxWaiting) refuse('too many offers wait for an answer already');
  }

  /** Whether the user has said once and for all that offers like this one are welcome; a few at a time. */
  isWelcome(peerId: string, { count, bytes }: OfferMake): boolean {
    const { maxAutoAccepted, maxAutoAcceptFiles } = this.options;
    const isSmall = bytes <= this.peers.permissionsOf(peerId).autoAcceptBytes && count <= maxAutoAcceptFiles;
    if (bytes === 0 || !isSmall) return false;
    const unasked = this.register.book.open('in', peerId).filter(({ isUnasked }) => isUnasked);
    return unasked.length < maxAutoAccepted;
  }

  /** The peer learns no number: by trying it would find the free space of our disk, and our limits. */
  private tooLarge(bytes: number, why: string): never {
    this.logger.log(`an offer of ${bytes} bytes was refused: ${why}`);
    refuse('it is more than this device takes');
  }
}

function refuse(why: string): never {
  throw new ProtocolError('OFFER_REFUSED', why);
}
