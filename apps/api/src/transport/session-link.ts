import type { Duplex } from 'node:stream';
import { parseHello, ProtocolError, type EventMessage, type Hello, type RequestMessage } from '@ferry/protocol';
import { errorFrame, fatalFrame, responseFrame } from './control-frame';
import { FrameTurns } from './frame-turns';
import { IncomingCalls } from './incoming-calls';
import { MAX_OUTBOUND_DATA_BYTES } from './limits';
import { OutboundQueue } from './outbound-queue';
import { OutgoingCalls } from './outgoing-calls';
import { PeerError } from './peer-error';
import type { PeerSession, SessionOrigin } from './peer-session';
import { Pings } from './pings';
import { answerableError, brokenSession, closedSession } from './remote-error';
import { SessionClock, type ClockEvents, type Watched } from './session-clock';
import { SessionEnd } from './session-end';
import { SessionFrames, type SessionMessages } from './session-frames';
import type { SessionHost } from './session-host';
import { SessionInbox } from './session-inbox';

/** The inside of a session: its parts, wired to one socket, and its states (greeting, open, over). */
export class SessionLink implements SessionMessages, Watched, ClockEvents {
  readonly queue: OutboundQueue;
  readonly turns: FrameTurns;
  readonly calls: OutgoingCalls;
  readonly incoming: IncomingCalls;
  readonly pings: Pings;
  readonly inbox: SessionInbox;
  readonly ending: SessionEnd;
  hello?: Hello;
  /** When either side last asked for something (`performance.now()`). */
  usedAt = performance.now();
  private readonly clock: SessionClock;

  constructor(
    private readonly session: PeerSession,
    socket: Duplex,
    private readonly origin: SessionOrigin,
    private readonly host: SessionHost,
  ) {
    this.queue = new OutboundQueue(socket, () => this.stalled());
    this.turns = new FrameTurns(MAX_OUTBOUND_DATA_BYTES, host.pool);
    this.calls = new OutgoingCalls(this.queue, origin.isDialler);
    this.incoming = new IncomingCalls(this.queue, this.turns, origin.isDialler, {
      failed: (pattern, error) => host.report(session, `request ${pattern}`, error),
      broken: (error) => this.fail(error),
    });
    this.pings = new Pings(this.queue);
    this.ending = new SessionEnd(socket, this.queue, host.deadlines);
    this.inbox = new SessionInbox(new SessionFrames(this, this));
    this.clock = new SessionClock(host.deadlines, this, this);
    this.listen(socket);
  }

  get isDialler(): boolean {
    return this.origin.isDialler;
  }

  get isGreeted(): boolean {
    return this.hello !== undefined;
  }

  get isStranger(): boolean {
    return this.host.trusts(this.session.peerId) === false;
  }

  get isOver(): boolean {
    return this.ending.isOver;
  }

  get heardAt(): number {
    return this.inbox.heardAt;
  }

  get partialSince(): number {
    return this.inbox.partialSince;
  }

  get writingSince(): number {
    return this.queue.busySince;
  }

  onHello(hello: unknown, stream?: number): void {
    this.hello = parseHello(hello);
    this.host.admit(this.session);
    if (stream !== undefined) {
      this.queue.pushControl(responseFrame(stream, this.host.hello()));
    }
    this.origin.greeted?.();
    this.host.greeted(this.session);
  }

  onRequest(stream: number, request: RequestMessage): void {
    this.usedAt = performance.now();
    const isAllowed = request.pattern.startsWith('pair.') || this.host.trusts(this.session.peerId);
    if (!isAllowed) return this.refuse(stream);
    this.incoming.answer(stream, request, async (asked, signal) => {
      if (isAllowed === true || (await isAllowed)) return this.host.answer(this.session, asked, signal);
      this.refuse(stream);
      throw new DOMException('The device is not paired', 'AbortError');
    });
  }

  onEvent(event: EventMessage): void {
    if (this.host.trusts(this.session.peerId) === true) {
      this.host.event(this.session, event);
    }
  }

  onRemoteEnd(error?: PeerError): void {
    this.finish(error);
  }

  ping(): void {
    // What matters is that bytes come back; a failure shows at the deadline.
    this.pings.send().catch(() => undefined);
  }

  expired(what: string, afterMs: number): void {
    const error = new ProtocolError('TIMEOUT', `no ${what} in ${afterMs} ms`);
    if (!this.isGreeted) this.host.broken(this.session, error.code);
    this.finish(
      new PeerError('TIMEOUT', `The other device was silent for too long (${what})`, { cause: error }),
      fatalFrame(error),
    );
  }

  /** Ends the session politely: the farewell is the last frame. Open calls of both sides fail. */
  finish(error?: PeerError, farewell?: Uint8Array): void {
    if (this.release(error)) this.ending.politely(farewell);
    this.ending.notify();
  }

  /** Ends the session and drops what was not written. */
  destroy(error: PeerError): void {
    if (this.release(error)) this.ending.atOnce();
    this.ending.notify();
  }

  /** Ends the session because of a fault, ours or the peer's, that the peer is told. */
  fail(error: unknown): void {
    if (this.isOver) return;
    const told = answerableError(error);
    if (told.code === 'INTERNAL') this.host.report(this.session, 'a frame', error);
    else this.host.broken(this.session, told.code);
    this.finish(brokenSession(told), fatalFrame(told));
  }

  /** Not paired: the session ends with the answer. */
  private refuse(stream: number): void {
    const refusal = new ProtocolError('NOT_PAIRED', 'pair the devices first');
    this.finish(closedSession(refusal), errorFrame(stream, refusal));
  }

  private listen(socket: Duplex): void {
    const onBytes = (bytes: Uint8Array): void => this.onBytes(bytes);
    if (this.origin.listenToBytes) this.origin.listenToBytes(onBytes);
    else socket.on('data', onBytes);
    socket.once('end', () => this.destroy(closedSession()));
    socket.on('error', (cause) => this.destroy(closedSession(cause)));
    socket.once('close', () => {
      this.destroy(closedSession());
      this.queue.abandon();
    });
  }

  private onBytes(bytes: Uint8Array): void {
    if (this.isOver) return;
    try {
      this.inbox.push(bytes);
    } catch (error) {
      this.fail(error);
    }
  }

  private stalled(): void {
    const text = 'The other device does not read what it asks for';
    this.destroy(new PeerError('SESSION_CLOSED', text));
  }

  private release(error?: PeerError): boolean {
    if (!this.ending.begin(error)) return false;
    this.clock.stop();
    const reason = error ?? closedSession();
    this.calls.failAll(reason);
    this.pings.failAll(reason);
    this.incoming.abortAll(new DOMException('The session ended', 'AbortError'));
    return true;
  }
}
