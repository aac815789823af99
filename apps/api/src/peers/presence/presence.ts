import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { PeerTransport } from '../../transport/peer-transport';
import { Dialler } from '../dialler';
import { NearbyDevices } from '../discovery/nearby-devices';
import { Listeners } from '../listeners';
import { PEERS_OPTIONS, type PeersOptions } from '../peers-options';
import { PeersRepository } from '../peers.repository';
import { PeerLink, type LinkChange } from './peer-link';
import { PeerNotes } from './peer-notes';

export type PresenceListener = (peerId: string, change: LinkChange) => void;

/** Which paired peers are online. Keeps trying to reach the others. */
@Injectable()
export class Presence implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly links = new Map<string, PeerLink>();
  private readonly listeners = new Listeners<Parameters<PresenceListener>>(new Logger(Presence.name));
  private unsubscribe?: () => void;

  constructor(
    private readonly transport: PeerTransport,
    private readonly dialler: Dialler,
    private readonly repository: PeersRepository,
    private readonly nearby: NearbyDevices,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {}

  /** Dials once our own port is known, so that the peers learn it. */
  onApplicationBootstrap(): void {
    this.unsubscribe = this.transport.onSession((session) => this.sessionOpened(session));
    if (this.transport.port === 0) this.transport.on('listening', () => this.wakeAll());
    else this.wakeAll();
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
    for (const link of this.links.values()) link.stop();
    this.links.clear();
  }

  /** Calls `listener` when a paired peer comes, goes, or something shown of it changes. */
  onChange(listener: PresenceListener): () => void {
    return this.listeners.add(listener);
  }

  /** A live session with a device, also with one that is not paired. */
  anySession(peerId: string): PeerSession | undefined {
    return this.transport.sessionOf(peerId);
  }

  /** The live session of a paired peer; `undefined` while it is offline. */
  sessionOf(peerId: string): PeerSession | undefined {
    return this.links.get(peerId)?.session;
  }

  latencyOf(peerId: string): number | undefined {
    return this.links.get(peerId)?.latencyMs;
  }

  /** Whether a paired peer has forgotten this device, as far as is known: it will not come online by itself. */
  isDistrustedBy(peerId: string): boolean {
    return this.links.get(peerId)?.isDistrusted ?? false;
  }

  /** One session for each paired peer that is online. */
  onlineSessions(): PeerSession[] {
    return [...this.links.values()].flatMap(({ session }) => session ?? []);
  }

  /** @returns the live session of a paired peer, or one dialled now. @throws PeerError of the dial. */
  async connect(peerId: string): Promise<PeerSession> {
    if (this.repository.isBlocked(peerId)) throw new PeerError('BLOCKED', 'This device is blocked: unblock it first.');
    return this.watch(peerId).connect();
  }

  /** Dials a paired peer soon, whatever pause it was in. */
  wake(peerId: string): void {
    if (!this.repository.isBlocked(peerId)) this.watch(peerId).wake();
  }

  /** Takes a session with a paired peer into use. @throws PeerError NOT_PAIRED when it does not trust us. */
  admit(session: PeerSession): Promise<void> {
    return this.watch(session.peerId).admit(session);
  }

  /** The same right after pairing on this session, when there is nothing to ask. */
  admitPaired(session: PeerSession): Promise<void> {
    return this.watch(session.peerId).admit(session, true);
  }

  /** Ends all sessions with a device that was removed or blocked, and does not dial it again. */
  forget(peerId: string): void {
    this.links.get(peerId)?.stop();
    this.links.delete(peerId);
    this.transport.closeSessions(peerId);
  }

  private wakeAll(): void {
    for (const id of this.repository.wantedIds()) this.wake(id);
  }

  private watch(peerId: string): PeerLink {
    const known = this.links.get(peerId);
    if (known) return known;
    const notes = new PeerNotes(peerId, this.repository, this.nearby);
    const link = new PeerLink(peerId, this.dialler, notes, this.options, (change) =>
      this.listeners.call(peerId, change),
    );
    this.links.set(peerId, link);
    return link;
  }

  /** Outbound sessions are the concern of who dialled them. */
  private sessionOpened(session: PeerSession): void {
    if (session.isDialler || !this.repository.isPaired(session.peerId)) return;
    this.watch(session.peerId).arrived(session);
  }
}
