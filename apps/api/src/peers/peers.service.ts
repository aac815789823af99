import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { ListQuery, Page, Peer, PeerPermissions, UpdatePeerRequest } from '@ferry/protocol';
import { EventsService } from '../events/events.service';
import { PeerError } from '../transport/peer-error';
import type { PeerSession } from '../transport/peer-session';
import { Dialler } from './dialler';
import { NearbyPeers } from './discovery/nearby-peers';
import { abortable, asOffline } from './offline';
import { PeerNews } from './peer-news';
import { withNearby } from './peer-pages';
import type { PeerRecord } from './peer-record';
import { toPeer } from './peer-view';
import { PeersRepository } from './peers.repository';
import { Presence } from './presence/presence';
import { PeerTrust } from './trust';

const UNKNOWN = 'This device is not among the peers.';

/** The devices this node knows: what is shown of them, whether they are trusted, and the way to reach them. */
@Injectable()
export class PeersService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(PeersService.name);
  private unsubscribe?: () => void;

  constructor(
    /** What happens to peers. */
    readonly news: PeerNews,
    private readonly repository: PeersRepository,
    private readonly access: PeerTrust,
    private readonly presence: Presence,
    private readonly dialler: Dialler,
    private readonly events: EventsService,
    private readonly nearby: NearbyPeers,
  ) {}

  onModuleInit(): void {
    const publish = (id: string): void => this.publishChanged(id);
    const subscriptions = [this.presence.onChange(publish), this.nearby.onKnownMoved(publish)];
    this.unsubscribe = () => subscriptions.forEach((end) => end());
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  /** One page by name: the known devices and those nearby. @throws FileStoreError BAD_CURSOR. */
  list(query: ListQuery = {}): Page<Peer> {
    const { items, ...page } = this.repository.list(query);
    const known = { ...page, items: items.map((record) => this.toPeer(record)) };
    return withNearby(query, known, this.nearby.list(query));
  }

  /** @param id of a nearby device its first 14 characters. @throws PeerError NOT_FOUND. */
  get(id: string): Peer {
    return this.nearby.find(id) ?? this.toPeer(this.record(id));
  }

  /** How many peers are paired, and how many of those are online. */
  counts(): { paired: number; online: number } {
    return {
      paired: this.repository.countPaired(),
      online: this.presence.onlineSessions().length,
    };
  }

  /** Whether trust in this device is stored, also while it is blocked. */
  isPaired(id: string): boolean {
    return this.repository.isPaired(id);
  }

  /** What the device may do here, as of now; one that is not paired may do nothing. */
  permissionsOf(id: string): PeerPermissions {
    return this.access.permissionsOf(id);
  }

  /**
   * Dials whoever listens at `address` and stores it; a device that is not paired yet stays pending.
   * @throws PeerError ADDRESS_INVALID, DNS_FAILED, UNREACHABLE, TIMEOUT, TLS_FAILED, VERSION, SELF.
   */
  async add(address: string): Promise<Peer> {
    const dialled = await this.dialler.dial(address);
    const { session } = dialled;
    const { peerId: id, remoteHello } = session;
    const isNew = !this.repository.find(id);
    this.repository.save(id, remoteHello.name);
    this.repository.markGood(id, dialled.address, new Date());
    await this.settle(session, dialled.address);
    return this.publishStored(id, isNew);
  }

  /** Takes a session that was dialled because the user asked for it into use, or closes it when its device is not paired. Never rejects. */
  async settle(session: PeerSession, address: string): Promise<void> {
    const { peerId: id } = session;
    if (!this.isPaired(id)) return session.close();
    this.repository.markGood(id, address, new Date());
    await this.presence.admit(session).catch(() => this.presence.wake(id));
  }

  /**
   * Stores the device at the other end as trusted. When this returns, that is on the disk.
   * @param addresses where else it can be reached, best one first.
   */
  trust({ peerId: id, remoteHello }: PeerSession, addresses: readonly string[] = []): void {
    const isNew = !this.repository.find(id);
    this.repository.saveTrusted(id, remoteHello.name);
    for (const address of [...addresses].reverse()) this.repository.addAddress(id, address);
    this.publishStored(id, isNew);
  }

  /** Takes the session on which a device was just paired into use; if it is gone already, dials soon. Never rejects. */
  async welcome(session: PeerSession): Promise<void> {
    try {
      await this.presence.admitPaired(session);
    } catch (error) {
      this.logger.debug({ err: error }, 'the session ended while pairing');
      this.presence.wake(session.peerId);
    }
  }

  /**
   * Changes what is given. Blocking ends all sessions with the device at once; a paired one is dialled when that is over.
   * @throws PeerError NOT_FOUND.
   */
  update(id: string, { name, permissions = {} }: UpdatePeerRequest): Peer {
    if (permissions.blocked) this.rememberStranger(id);
    const { isPaired, permissions: before } = this.record(id);
    const after = changed(before, permissions);
    if (name !== undefined) this.repository.setAlias(id, name);
    this.repository.setPermissions(id, after);
    if (after.blocked && !before.blocked) this.endAll(id);
    if (before.blocked && !after.blocked && isPaired) this.presence.wake(id);
    this.news.permissionsChanged.call(id, before);
    this.publishChanged(id);
    return this.get(id);
  }

  /** Forgets the device and its trust, and ends its sessions. @throws PeerError NOT_FOUND. */
  remove(id: string): void {
    this.record(id);
    this.repository.remove(id);
    this.endAll(id);
    this.news.removed.call(id);
    this.events.publish('peers.removed', { id });
    this.nearby.becameUnknown(id);
  }

  /**
   * The live session with a paired peer, or one dialled now.
   * @param signal ends the waiting, not the dial others may wait for as well.
   * @throws PeerError NOT_FOUND, NOT_PAIRED, BLOCKED, OFFLINE, IDENTITY_MISMATCH, VERSION; AbortError.
   */
  async sessionFor(id: string, signal?: AbortSignal): Promise<PeerSession> {
    const refusal = this.refusalOf(id);
    if (refusal) throw refusal;
    signal?.throwIfAborted();
    try {
      return await abortable(this.presence.connect(id), signal);
    } catch (error) {
      throw asOffline(error, this.repository.find(id)?.name ?? 'The peer');
    }
  }

  /** Why nothing may go on with this device; `undefined` for a paired one that is not blocked. */
  refusalOf(id: string): PeerError | undefined {
    const record = this.repository.find(id);
    if (!record) return new PeerError('NOT_FOUND', UNKNOWN);
    const { name, isPaired, permissions } = record;
    if (permissions.blocked) return new PeerError('BLOCKED', `${name} is blocked on this device: unblock it first.`);
    return isPaired ? undefined : new PeerError('NOT_PAIRED', `${name} is not paired with this device: pair first.`);
  }

  /** Whether a paired peer is here already, or has forgotten this device: waiting for it to come online would be in vain. */
  isNewsUnlikely(id: string): boolean {
    return this.presence.sessionOf(id) !== undefined || this.presence.isDistrustedBy(id);
  }

  /** Passes on that the peer's share changed. */
  noteShareChanged(id: string): void {
    this.news.shareChanged.call(id);
    this.events.publish('peers.share-changed', { id });
  }

  /** One session for each paired peer that is online. */
  onlineSessions(): PeerSession[] {
    return this.presence.onlineSessions();
  }

  /** Ends all sessions with a device that may not have one any more. */
  private endAll(id: string): void {
    this.presence.forget(id);
    this.news.cutOff.call(id);
  }

  /** A device that is not stored can be blocked while it has a session, for example because it asks to pair. */
  private rememberStranger(id: string): void {
    const session = this.repository.find(id) ? undefined : this.presence.anySession(id);
    if (!session) return;
    this.repository.save(id, session.remoteHello.name);
    this.publishStored(id, true);
  }

  private publishStored(id: string, isNew: boolean): Peer {
    const peer = this.get(id);
    if (isNew) this.nearby.becameKnown(id);
    this.events.publish(isNew ? 'peers.added' : 'peers.changed', peer);
    return peer;
  }

  private publishChanged(id: string): void {
    const record = this.repository.find(id);
    if (record) this.events.publish('peers.changed', this.toPeer(record));
  }

  private record(id: string): PeerRecord {
    const record = this.repository.find(id);
    if (record) return record;
    throw new PeerError('NOT_FOUND', UNKNOWN);
  }

  private toPeer(record: PeerRecord): Peer {
    const { id } = record;
    return toPeer(record, {
      isOnline: this.presence.sessionOf(id) !== undefined,
      latencyMs: this.presence.latencyOf(id),
      seenAt: this.nearby.seenAt(id),
    });
  }
}

function changed(before: PeerPermissions, changes: Partial<PeerPermissions>): PeerPermissions {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(given) };
}
