import { SAS_EXPORTER_BYTES, SAS_EXPORTER_LABEL } from '@ferry/protocol';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { PeersOptions } from '../peers-options';
import { Comparison } from './comparison';
import { Deferred } from './deferred';

/** When the peer's clock ends a comparison a moment before ours, it has expired, not failed. */
const EXPIRY_SLACK_MS = 2_000;

type Times = Pick<PeersOptions, 'comparisonLifetimeMs' | 'revealTimeoutMs' | 'now'>;

export interface ComparisonOrigin {
  /** Of the peer, when the peer has started. */
  readonly commitment?: Uint8Array;
  /** Where we have dialled the peer. */
  readonly address?: string;
}

export interface ComparisonListener {
  /** What users see of it changed, its end included. */
  changed(open: OpenComparison): void;
  /** It is over, whether or not any user saw it. */
  ended(open: OpenComparison): void;
}

/** A comparison on its session: ends with it, and ends it; ends by itself after a while. */
export class OpenComparison {
  readonly comparison: Comparison;
  private readonly whenShown = new Deferred();
  private readonly expiry: NodeJS.Timeout;
  private readonly releases: (() => void)[];
  private revealTimer?: NodeJS.Timeout;
  private wasShown = false;

  /** @throws PeerError SESSION_CLOSED. */
  constructor(
    ownId: string,
    readonly session: PeerSession,
    private readonly times: Times,
    private readonly listener: ComparisonListener,
    readonly origin: ComparisonOrigin,
  ) {
    const { peerId, remoteHello } = session;
    const exporter = session.exportKey(SAS_EXPORTER_BYTES, SAS_EXPORTER_LABEL);
    const expiresAt = times.now() + times.comparisonLifetimeMs;
    const devices = { ownId, peerId, peerName: remoteHello.name, exporter, expiresAt };
    this.comparison = new Comparison(devices, origin.commitment);
    this.expiry = setTimeout(() => this.expire(), times.comparisonLifetimeMs).unref();
    this.releases = [session.hold(), session.onClose(() => this.lost())];
  }

  /** Resolves when there is something to compare. @throws PeerError SESSION_CLOSED when it ended before. */
  get shown(): Promise<void> {
    return this.whenShown.promise;
  }

  /** From now on the peer has little time to reveal its nonce: no user is asked for that. */
  awaitReveal(): void {
    const stalled = (): void => this.fail('The other device did not go on with it.');
    this.revealTimer = setTimeout(stalled, this.times.revealTimeoutMs).unref();
  }

  /** Both nonces are known: the users may compare. */
  show(): void {
    if (this.comparison.isOver) return;
    clearTimeout(this.revealTimer);
    this.wasShown = true;
    this.listener.changed(this);
    this.whenShown.resolve();
  }

  /**
   * Somebody has said something, perhaps the last word.
   * @param farewell what the peer must get before the session is closed.
   */
  update(farewell?: Promise<unknown>): void {
    if (this.comparison.isOver) this.end(farewell);
    else if (this.wasShown) this.listener.changed(this);
  }

  /** Whether there is still time; if not, this ends it. */
  isInTime(): boolean {
    if (this.times.now() >= this.comparison.devices.expiresAt) this.expire();
    return !this.comparison.isOver;
  }

  /** @param error why, in words for the user. */
  fail(error: string): void {
    if (this.comparison.isOver) return;
    this.comparison.fail(error);
    this.end();
  }

  /** Trust is stored. The session stays, for everything else. */
  pair(): void {
    this.comparison.pair();
    this.end();
  }

  /** Stops the clocks and lets go of the session. */
  release(): void {
    clearTimeout(this.expiry);
    clearTimeout(this.revealTimer);
    for (const release of this.releases.splice(0)) release();
  }

  private expire(): void {
    if (this.comparison.isOver) return;
    this.comparison.expire();
    this.end();
  }

  private lost(): void {
    const { expiresAt } = this.comparison.devices;
    if (this.times.now() >= expiresAt - EXPIRY_SLACK_MS) this.expire();
    else this.fail('The other device ended it, or the connection was lost: begin again.');
  }

  private end(farewell?: Promise<unknown>): void {
    const { session } = this;
    const { state, error = 'The comparison is over.' } = this.comparison.toPairing();
    this.release();
    const close = (): void => session.close();
    if (farewell) farewell.then(close, close);
    else if (state !== 'paired') setImmediate(close); // after the answer to the request that brought this about
    this.listener.ended(this);
    if (this.wasShown) this.listener.changed(this);
    this.whenShown.reject(new PeerError('SESSION_CLOSED', error));
  }
}
