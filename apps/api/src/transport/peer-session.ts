import type { Duplex } from 'node:stream';
import { PATTERNS, ProtocolError, type Hello } from '@ferry/protocol';
import { eventFrame, goodbyeFrame } from './control-frame';
import type { DataReceiver } from './data-answer';
import type { PeerError } from './peer-error';
import type { ByteListener } from './read-buffer';
import { closedSession } from './remote-error';
import type { SessionHost } from './session-host';
import { SessionLink } from './session-link';

export interface SessionOrigin {
  /** Device id of the peer, from its TLS key. */
  readonly peerId: string;
  readonly isDialler: boolean;
  /** `host:port` of the socket. */
  readonly remoteAddress: string;
  /** Where the bytes come from, if not from the socket's 'data' events. */
  readonly listenToBytes?: (listener: ByteListener) => void;
  /** The TLS exporter (RFC 8446 section 7.5) of this connection, without a context. */
  readonly exportKey?: (length: number, label: string) => Uint8Array;
  /** Called when both hellos are done. */
  readonly greeted?: () => void;
}

/** One authenticated connection to another device. Both sides may ask, whoever dialled. */
export class PeerSession {
  readonly peerId: string;
  readonly isDialler: boolean;
  readonly remoteAddress: string;
  private readonly link: SessionLink;
  private readonly holders = new Set<symbol>();

  /** @param socket already encrypted and authenticated; the session owns it. */
  constructor(
    socket: Duplex,
    private readonly origin: SessionOrigin,
    private readonly host: SessionHost,
  ) {
    this.peerId = origin.peerId;
    this.isDialler = origin.isDialler;
    this.remoteAddress = origin.remoteAddress;
    this.link = new SessionLink(this, socket, origin, host);
  }

  /** Whether both hellos are done and nobody has ended the session. */
  get isOpen(): boolean {
    return this.link.isGreeted && !this.link.isOver;
  }

  /** What the peer said of itself; known once the session was handed out. */
  get remoteHello(): Hello {
    const { hello } = this.link;
    if (!hello) throw new Error('The session has no hello yet');
    return hello;
  }

  /** Bytes that only the two ends of this very connection know. @throws PeerError SESSION_CLOSED. */
  exportKey(length: number, label: string): Uint8Array {
    if (!this.isOpen || !this.origin.exportKey) throw closedSession();
    return this.origin.exportKey(length, label);
  }

  /** Whether somebody waits for what comes over this very session. */
  get isHeld(): boolean {
    return this.holders.size > 0;
  }

  /** Keeps the session from being retired, or from making room for another. @returns ends that. */
  hold(): () => void {
    const holder = Symbol('holder');
    this.holders.add(holder);
    return () => void this.holders.delete(holder);
  }

  /** Resolves when the socket is gone. */
  get gone(): Promise<void> {
    return this.link.ending.gone;
  }

  get bytesIn(): number {
    return this.link.inbox.bytesIn;
  }

  get bytesOut(): number {
    return this.link.queue.bytesOut;
  }

  /** The most DATA, in bytes, that this session ever held in memory. */
  get peakOutboundBytes(): number {
    return this.link.turns.peakBytes;
  }

  /**
   * Begins the session as its dialler: our hello, then the peer's.
   * @throws PeerError VERSION, TIMEOUT, REMOTE, SESSION_CLOSED; the signal's reason.
   */
  async greet(signal?: AbortSignal): Promise<void> {
    const { calls } = this.link;
    await calls.request(PATTERNS.hello, this.host.hello(), undefined, signal);
  }

  /** Asks the peer and resolves with its answer. @throws PeerError; the signal's reason. */
  request(pattern: string, data: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.ask(pattern, data, undefined, signal);
  }

  /** As `request`, for an answer with DATA; resolves with the RESPONSE after the last DATA frame. */
  requestData(pattern: string, data: unknown, receiver: DataReceiver, signal?: AbortSignal): Promise<unknown> {
    return this.ask(pattern, data, receiver, signal);
  }

  /** Sends an event. Nobody answers it; a session that is over drops it. */
  notify(pattern: string, data: unknown): void {
    if (this.isOpen) this.link.queue.pushControl(eventFrame(pattern, data));
  }

  /** Resolves with the round trip in milliseconds. @throws PeerError SESSION_CLOSED, TIMEOUT; the signal's reason. */
  async ping(signal?: AbortSignal): Promise<number> {
    if (!this.isOpen) throw closedSession();
    return this.link.pings.send(signal);
  }

  /**
   * @param listener called once, without an error after a good end; at once when the session is over.
   * @returns takes the listener away.
   */
  onClose(listener: (error?: PeerError) => void): () => void {
    return this.link.ending.onClose(listener);
  }

  /** Ends the session in good order: GOODBYE, then FIN. Open requests of both sides fail. */
  close(): void {
    this.link.finish(undefined, goodbyeFrame('the device closed the session'));
  }

  /** Ends the session because of `error`. A ProtocolError is told to the peer; otherwise the socket just goes. */
  abort(error: Error): void {
    if (error instanceof ProtocolError) this.link.fail(error);
    else this.link.destroy(closedSession(error));
  }

  /** Closes the session as soon as neither side has used it for a moment. */
  retire(): void {
    const { link } = this;
    const { retireMs } = this.host.deadlines;
    const timer = setInterval(() => {
      const isBusy = link.calls.size + link.incoming.size + this.holders.size > 0;
      if (!isBusy && performance.now() - link.usedAt >= retireMs) this.close();
    }, retireMs / 2).unref();
    this.onClose(() => clearInterval(timer));
  }

  private async ask(pattern: string, data: unknown, receiver?: DataReceiver, signal?: AbortSignal): Promise<unknown> {
    if (!this.isOpen) throw closedSession();
    this.link.usedAt = performance.now();
    return this.link.calls.request(pattern, data, receiver, signal);
  }
}
