import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { Dialler } from '../dialler';
import type { PeersOptions } from '../peers-options';
import { BackOff } from './back-off';
import { checkTrust } from './check-trust';
import { LiveSessions } from './live-sessions';
import type { PeerNotes } from './peer-notes';

/** `distrusted`: it told us that it has forgotten this device; `details`: something else that is shown of the peer. */
export type LinkChange = 'online' | 'offline' | 'distrusted' | 'details';

/** Keeps one paired peer connected: dials it with growing pauses, admits its sessions, knows whether it is online. */
export class PeerLink {
  private readonly live: LiveSessions;
  private readonly backOff: BackOff;
  private readonly admissions = new WeakMap<PeerSession, Promise<void>>();
  private readonly stopped = new AbortController();
  private wasRefused = false;
  private dialling?: Promise<PeerSession>;
  /** Whether a session that the peer has dialled may be used is being found out; never rejects. */
  private arriving?: Promise<void>;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly peerId: string,
    private readonly dialler: Dialler,
    private readonly notes: PeerNotes,
    private readonly options: PeersOptions,
    private readonly changed: (change: LinkChange) => void,
  ) {
    this.backOff = new BackOff(options.backOffFirstMs, options.backOffMaxMs);
    this.live = new LiveSessions(options, {
      online: () => this.cameOnline(),
      offline: (error) => this.wentOffline(error),
      latency: () => changed('details'),
    });
  }

  /** The session to use; `undefined` while the peer is offline. */
  get session(): PeerSession | undefined {
    return this.live.current;
  }

  /** Whether it answered last that it does not know us any more. */
  get isDistrusted(): boolean {
    return this.wasRefused;
  }

  get latencyMs(): number | undefined {
    return this.live.latencyMs;
  }

  /** Dials soon, with the short pauses of a peer that was just heard of. */
  wake(): void {
    this.backOff.reset();
    if (!this.session && !this.dialling) this.dialAfter(0);
  }

  /**
   * @returns the live session, or dials now, also where the peer announces itself: the user wants it. Several callers
   * share one dial.
   */
  async connect(): Promise<PeerSession> {
    await this.arriving;
    if (this.session) return this.session;
    const isUnderWay = this.dialling !== undefined; // perhaps by itself, and then not to where it is only seen
    try {
      return await this.dial(this.notes.seenAt);
    } catch (error) {
      if (this.session) return this.session; // the peer dialled us meanwhile
      if (isUnderWay && this.notes.seenAt.length > 0) return this.dial(this.notes.seenAt);
      throw error;
    }
  }

  /**
   * Takes a session of this peer into use, once it is known that the peer trusts us.
   * @param isTrustKnown after pairing on this session, which saves the question.
   * @throws PeerError NOT_PAIRED, SESSION_CLOSED, TIMEOUT.
   */
  admit(session: PeerSession, isTrustKnown = false): Promise<void> {
    const admission = this.admissions.get(session) ?? this.admitOnce(session, isTrustKnown);
    this.admissions.set(session, admission);
    return admission;
  }

  /** The peer has dialled us. */
  arrived(session: PeerSession): void {
    this.backOff.reset();
    if (this.isDistrusted) {
      // It may be about to pair again, and the question would end this very session: ask on another one.
      if (!this.dialling) this.dialAfter(this.backOff.next());
    } else {
      this.arriving = this.admit(session).catch((error: unknown) => this.failed(error));
    }
  }

  /** Ends dialling and watching; open sessions stay open. */
  stop(): void {
    this.stopped.abort(new PeerError('SESSION_CLOSED', 'It is no longer a peer, or this node is stopping.'));
    clearTimeout(this.timer);
    if (this.session) this.notes.offline();
    this.live.clear();
  }

  /** Notes why there is no session and dials again after a while. */
  private failed(error: unknown): void {
    if (this.stopped.signal.aborted || this.session) return;
    this.wasRefused = error instanceof PeerError && error.code === 'NOT_PAIRED';
    if (this.notes.failed(error)) this.changed(this.isDistrusted ? 'distrusted' : 'details');
    this.dialAfter(this.isDistrusted ? this.options.distrustedRetryMs : this.backOff.next());
  }

  private dialAfter(pauseMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.session) this.dial().catch(() => undefined); // failed() has noted it
    }, pauseMs).unref();
  }

  /** @param hints addresses to try after the remembered ones. */
  private dial(hints: readonly string[] = []): Promise<PeerSession> {
    clearTimeout(this.timer);
    this.dialling ??= this.dialOnce(hints)
      .finally(() => (this.dialling = undefined))
      .catch((error: unknown) => {
        this.failed(error);
        throw error;
      });
    return this.dialling;
  }

  private async dialOnce(hints: readonly string[]): Promise<PeerSession> {
    const addresses = [...this.notes.addresses, ...hints];
    const { session, address } = await this.dialler.dialAny(addresses, this.peerId, this.stopped.signal);
    await this.admit(session);
    this.stopped.signal.throwIfAborted();
    this.notes.dialled(address);
    return session;
  }

  private async admitOnce(session: PeerSession, isTrustKnown: boolean): Promise<void> {
    if (!isTrustKnown) await this.checkTrust(session);
    if (!session.isOpen || this.stopped.signal.aborted) {
      throw new PeerError('SESSION_CLOSED', 'The connection was closed again.');
    }
    this.notes.greeted(session);
    this.live.add(session);
  }

  private async checkTrust(session: PeerSession): Promise<void> {
    try {
      await checkTrust(session, this.dialler);
    } catch (error) {
      session.close();
      throw error;
    }
  }

  private cameOnline(): void {
    this.wasRefused = false;
    this.backOff.reset();
    clearTimeout(this.timer);
    this.notes.online();
    this.changed('online');
  }

  private wentOffline(error?: PeerError): void {
    this.notes.offline(error);
    this.changed('offline');
    this.dialAfter(this.backOff.next());
  }
}
