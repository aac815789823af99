import type { Server as TcpServer } from 'node:net';
import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import {
  DEFAULT_DEADLINES,
  PROTOCOL_VERSION,
  ProtocolError,
  type Deadlines,
  type EventMessage,
  type Hello,
  type RequestMessage,
} from '@ferry/protocol';
import { firstValueFrom, isObservable } from 'rxjs';
import { Conduct, hostOf } from './conduct';
import { dialDevice, type Dialled } from './dial';
import { FramePool } from './frame-pool';
import type { DeviceIdentity } from './identity';
import { PEER_TRANSPORT } from './limits';
import { describe, textOf } from './log-words';
import { PacedLog } from './paced-log';
import { PeerContext } from './peer-context';
import { PeerError } from './peer-error';
import { PeerListener, type Accepted } from './peer-listener';
import { PeerSession } from './peer-session';
import { closedSession } from './remote-error';
import type { SessionHost } from './session-host';
import { SessionRegistry } from './session-registry';
import { exporterOf } from './tls-options';

export interface PeerTransportOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly deviceName: () => string;
  /** Extensions that this device understands. */
  readonly features?: readonly string[];
  readonly deadlines?: Partial<Deadlines>;
}

export interface DialOptions {
  /** The only device that is welcome there; anybody when absent. */
  readonly expectedId?: string;
  readonly signal?: AbortSignal;
}

/** Events of the listening socket. */
type ServerEvents = { listening: () => void; close: () => void; error: (error: Error) => void };

type SessionListener = (session: PeerSession) => void;
type EventListener = (session: PeerSession, event: EventMessage) => void;

/** The peer protocol as a Nest transport: inbound and outbound sessions, and requests to `@MessagePattern` handlers. */
export class PeerTransport extends Server<ServerEvents> implements CustomTransportStrategy {
  override transportId = PEER_TRANSPORT;
  private readonly deadlines: Deadlines;
  private readonly listener: PeerListener;
  private readonly registry: SessionRegistry;
  private readonly host: SessionHost;
  protected override readonly logger = new Logger(PeerTransport.name);
  private readonly log = new PacedLog(this.logger);
  private readonly conduct: Conduct;
  private readonly sessionListeners = new Set<SessionListener>();
  private readonly eventListeners = new Set<EventListener>();
  private readonly closing = new AbortController();
  private trusts: (deviceId: string) => boolean | Promise<boolean> = () => false;
  private isBlocked: (deviceId: string) => boolean = () => false;

  constructor(
    private readonly identity: DeviceIdentity,
    private readonly options: PeerTransportOptions,
  ) {
    super();
    this.deadlines = { ...DEFAULT_DEADLINES, ...options.deadlines };
    const isPaired = (deviceId: string): boolean => this.isPaired(deviceId);
    this.registry = new SessionRegistry(identity.deviceId, this.deadlines.verifyMs, isPaired);
    const judged = { sessions: () => this.registry.all(), isPaired };
    this.conduct = new Conduct(this.deadlines, judged, this.log);
    this.host = this.createHost();
    this.listener = new PeerListener(identity, this.deadlines.handshakeMs, {
      isRefused: (from) => this.conduct.isRefused(from),
      accepted: (connection) => this.accept(connection),
      refused: (from, error) => {
        this.conduct.handshakeFailed(from, error);
        this.log.warn(from, `Refused a connection from ${from}: ${textOf(error)}`);
      },
    });
  }

  /** The bound port; 0 before listening. */
  get port(): number {
    return this.listener.port;
  }

  /** Accepts peers. A port that cannot be bound is passed on as the original error. */
  async listen(ready: (error?: unknown) => void): Promise<void> {
    try {
      await this.listener.listen(this.options.port, this.options.host);
    } catch (error) {
      return ready(error);
    }
    ready();
  }

  /** Says goodbye to all peers and resolves when the last socket is gone, in about a second at most. */
  async close(): Promise<void> {
    this.closing.abort(closedSession());
    const closed = this.listener.close();
    const sessions = this.registry.all();
    for (const session of sessions) session.close();
    await Promise.all([closed, ...sessions.map((session) => session.gone)]);
  }

  on<Event extends keyof ServerEvents>(event: Event, callback: ServerEvents[Event]): void {
    this.listener.server.on(event, callback);
  }

  unwrap<T = TcpServer>(): T {
    return this.listener.server as T;
  }

  /**
   * @param trusts asked at each request; until it is set, nobody is trusted. With a promise, requests of the device wait
   * for it, and it counts as not paired meanwhile.
   */
  useTrust(trusts: (deviceId: string) => boolean | Promise<boolean>): void {
    this.trusts = trusts;
  }

  /** @param isBlocked asked as soon as the key of a connection is known: such a device gets no answer at all, and is not dialled. */
  useBlocklist(isBlocked: (deviceId: string) => boolean): void {
    this.isBlocked = isBlocked;
  }

  /**
   * Connects to another device; resolves after both hellos.
   * @param address `host:port`, IPv6 in brackets.
   * @throws PeerError ADDRESS_INVALID, DNS_FAILED, UNREACHABLE, TIMEOUT, TLS_FAILED, IDENTITY_MISMATCH, SELF, VERSION,
   * BLOCKED, RATE_LIMITED, REMOTE, SESSION_CLOSED; the signal's reason, and then no socket is left.
   */
  async dial(address: string, { expectedId, signal }: DialOptions = {}): Promise<PeerSession> {
    if (expectedId !== undefined) this.assertWelcome(expectedId);
    const target = { address, expectedId, assertWelcome: (deviceId: string) => this.assertWelcome(deviceId) };
    const stop = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const dialled = await dialDevice(target, this.identity, this.deadlines.connectMs, stop);
    const session = this.open(dialled, true);
    try {
      await session.greet(stop);
    } catch (error) {
      session.abort(closedSession(error));
      throw error;
    }
    return session;
  }

  /** The session that new work with a device should use. */
  sessionOf(deviceId: string): PeerSession | undefined {
    return this.registry.liveSession(deviceId);
  }

  /** @param listener told of every session after both hellos, whoever dialled, paired or not. @returns takes it away. */
  onSession(listener: SessionListener): () => void {
    this.sessionListeners.add(listener);
    return () => this.sessionListeners.delete(listener);
  }

  /** @param listener told of the events of paired devices. @returns takes it away. */
  onEvent(listener: EventListener): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  /** Ends all sessions with a device, in good order. */
  closeSessions(deviceId: string): void {
    for (const session of this.registry.sessionsOf(deviceId)) session.close();
  }

  private isPaired(deviceId: string): boolean {
    return this.trusts(deviceId) === true;
  }

  private accept(connection: Accepted): void {
    this.assertWelcome(connection.peerId);
    this.open(connection, false);
  }

  /** @throws PeerError BLOCKED; RATE_LIMITED while the device is banned. */
  private assertWelcome(deviceId: string): void {
    if (this.isBlocked(deviceId)) throw new PeerError('BLOCKED', 'This device is blocked: unblock it first.');
    this.conduct.assertWelcome(deviceId);
  }

  private open(connection: Dialled | Accepted, isDialler: boolean): PeerSession {
    const { socket } = connection;
    const session = new PeerSession(socket, { ...connection, isDialler, exportKey: exporterOf(socket) }, this.host);
    session.onClose((error) => {
      // Strangers may have a new key each time, and their address stays.
      const source = this.isPaired(session.peerId) ? session.peerId : hostOf(session.remoteAddress);
      if (error) this.log.warn(source, `Session with ${describe(session)} ended: ${textOf(error)}`);
    });
    return session;
  }

  private createHost(): SessionHost {
    return {
      deadlines: this.deadlines,
      pool: new FramePool(),
      hello: () => this.hello(),
      trusts: (deviceId) => this.trusts(deviceId),
      admit: (session) => this.registry.admit(session),
      greeted: (session) => {
        this.registry.add(session);
        if (this.isBlocked(session.peerId)) return session.close(); // meanwhile
        this.tell(session, this.sessionListeners, (listener) => listener(session));
      },
      broken: (session, code) => this.conduct.sessionBroken(session, code),
      answer: (session, request, signal) => this.answer(session, request, signal),
      event: (session, event) => this.takeEvent(session, event),
      report: (session, what, error) => this.log.error(session.peerId, `${what} of ${describe(session)} failed`, error),
    };
  }

  private hello(): Hello {
    const { deviceName, features = [] } = this.options;
    const hello: Hello = { protocol: PROTOCOL_VERSION, name: deviceName(), features };
    return this.port === 0 ? hello : { ...hello, port: this.port };
  }

  private async answer(session: PeerSession, { pattern, data }: RequestMessage, signal: AbortSignal): Promise<unknown> {
    const handler = this.messageHandlers.get(pattern);
    if (!handler || handler.isEventHandler) {
      throw new ProtocolError('UNKNOWN_PATTERN', `no request is called ${pattern}`);
    }
    const context = new PeerContext([session, this.isPaired(session.peerId), signal]);
    const result: unknown = await handler(data, context);
    return isObservable(result) ? firstValueFrom(result, { defaultValue: null }) : result;
  }

  private takeEvent(session: PeerSession, event: EventMessage): void {
    this.tell(session, this.eventListeners, (listener) => listener(session, event));
    if (!this.messageHandlers.get(event.pattern)?.isEventHandler) return; // unknown events are ignored
    const context = new PeerContext([session, true, new AbortController().signal]);
    this.handleEvent(event.pattern, event, context).catch((error: unknown) =>
      this.log.error(session.peerId, `event ${event.pattern} of ${describe(session)} failed`, error),
    );
  }

  /** A listener that fails is our fault, not the peer's: the session goes on. */
  private tell<L>(session: PeerSession, listeners: ReadonlySet<L>, call: (listener: L) => void): void {
    for (const listener of [...listeners]) {
      try {
        call(listener);
      } catch (error) {
        this.log.error(session.peerId, `a listener for ${describe(session)} failed`, error);
      }
    }
  }
}
