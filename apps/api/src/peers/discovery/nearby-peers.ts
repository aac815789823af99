import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ALPN, type ListQuery, type Peer } from '@ferry/protocol';
import { EventsService } from '../../events/events.service';
import { Listeners } from '../listeners';
import { sortNameOf } from '../peer-record';
import { PeersRepository } from '../peers.repository';
import { lastSeenAt, NearbyDevices } from './nearby-devices';
import type { NearbyChange, NearbyDevice } from './nearby-table';
import { NEARBY_ID, nearbyIdOf } from './service-records';

const NO_PERMISSIONS = Object.freeze({ seeMyFiles: false, sendToMe: false, autoAcceptBytes: 0, blocked: false });

/** The devices nearby as they are shown: those that are not known are peers of their own, of the others it is told where they are. */
@Injectable()
export class NearbyPeers implements OnModuleInit, OnModuleDestroy {
  private readonly knownMoved = new Listeners<[peerId: string]>(new Logger(NearbyPeers.name));
  private unsubscribe?: () => void;

  constructor(
    private readonly devices: NearbyDevices,
    private readonly repository: PeersRepository,
    private readonly events: EventsService,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.devices.onChange((change) => this.pass(change));
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  /** Those that are not known, in no order. */
  list({ q = '' }: ListQuery = {}): Peer[] {
    const search = sortNameOf(q);
    const unknown = this.devices.all().filter(({ id, name }) => sortNameOf(name).includes(search) && !this.isKnown(id));
    return unknown.map(toPeer);
  }

  /** One that is not known, by the first 14 characters of its device id. */
  find(id: string): Peer | undefined {
    const device = NEARBY_ID.test(id) ? this.devices.find(id) : undefined;
    return device && !this.isKnown(id) ? toPeer(device) : undefined;
  }

  /** Where a known device announces itself now, `host:port`. */
  seenAt(peerId: string): readonly string[] {
    return this.devices.seenAt(peerId);
  }

  /** Calls `listener` with the id of each known device that comes, goes or moves on the network. */
  onKnownMoved(listener: (peerId: string) => void): () => void {
    return this.knownMoved.add(listener);
  }

  /** To be called when a device has become known: it is in the list under its whole id from now on. */
  becameKnown(peerId: string): void {
    const id = nearbyIdOf(peerId);
    if (this.devices.find(id)) this.events.publish('peers.removed', { id });
  }

  /** To be called when a device was forgotten, which may still be nearby. */
  becameUnknown(peerId: string): void {
    const device = this.devices.find(nearbyIdOf(peerId));
    if (device) this.events.publish('peers.added', toPeer(device));
  }

  private pass({ kind, device }: NearbyChange): void {
    const known = this.repository.idBeginning(device.id);
    if (known !== undefined) this.knownMoved.call(known);
    else if (kind === 'removed') this.events.publish('peers.removed', { id: device.id });
    else this.events.publish(kind === 'added' ? 'peers.added' : 'peers.changed', toPeer(device));
  }

  private isKnown(id: string): boolean {
    return this.repository.idBeginning(id) !== undefined;
  }
}

function toPeer(device: NearbyDevice): Peer {
  return {
    id: device.id,
    name: device.name,
    state: 'nearby',
    paired: false,
    addresses: [],
    seenAt: device.addresses,
    lastSeenAt: lastSeenAt(device),
    protocol: ALPN,
    permissions: NO_PERMISSIONS,
  };
}
