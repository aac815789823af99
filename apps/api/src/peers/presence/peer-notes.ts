import { formatAddress, parseAddress } from '@ferry/protocol';
import { Logger } from '@nestjs/common';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { NearbyDevices } from '../discovery/nearby-devices';
import { distrusted } from '../offline';
import type { PeersRepository } from '../peers.repository';

/** Stores what is learnt of one peer while it is dialled, comes and goes. All of it are hints: a full disk costs no session. */
export class PeerNotes {
  private readonly logger = new Logger(PeerNotes.name);

  constructor(
    private readonly peerId: string,
    private readonly repository: PeersRepository,
    private readonly nearby: NearbyDevices,
  ) {}

  /** Best one first. */
  get addresses(): readonly string[] {
    return this.repository.addresses(this.peerId);
  }

  /** Where it announces itself now and is not remembered; a hint, for dials that the user asks for. */
  get seenAt(): readonly string[] {
    const known = this.addresses;
    return this.nearby.seenAt(this.peerId).filter((address) => !known.includes(address));
  }

  /** The peer's name, and where it listens when it was the one who dialled. */
  greeted({ remoteHello, remoteAddress, isDialler }: PeerSession): void {
    const { name, port } = remoteHello;
    this.write(() => {
      this.repository.save(this.peerId, name);
      if (isDialler || !port) return;
      const { host } = parseAddress(remoteAddress);
      this.repository.addAddress(this.peerId, formatAddress({ host, port }));
    });
  }

  online(): void {
    this.write(() => {
      this.repository.setLastError(this.peerId, null);
      this.repository.setLastSeen(this.peerId, new Date());
    });
  }

  offline(error?: PeerError): void {
    this.write(() => {
      this.repository.setLastSeen(this.peerId, new Date());
      if (error) this.repository.setLastError(this.peerId, error.message);
    });
  }

  dialled(address: string): void {
    this.write(() => this.repository.markGood(this.peerId, address, new Date()));
  }

  /** @returns whether that is news. */
  failed(error: unknown): boolean {
    return this.write(() => this.repository.setLastError(this.peerId, this.sentence(error))) ?? false;
  }

  private write<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.logger.error({ err: error }, 'what was learnt of a peer could not be stored');
      return undefined;
    }
  }

  private sentence(error: unknown): string {
    if (!(error instanceof PeerError)) {
      return 'The connection failed for a reason of this device; its log tells more.';
    }
    if (error.code !== 'NOT_PAIRED') return error.message;
    return distrusted(this.repository.find(this.peerId)?.name ?? 'The peer', error).message;
  }
}
