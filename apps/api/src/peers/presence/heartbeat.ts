import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { PeersOptions } from '../peers-options';

/** Weight of the newest measurement. */
const SMOOTHING = 0.3;

type Times = Pick<PeersOptions, 'heartbeatMs' | 'missedHeartbeats'>;

/** Pings one session for as long as it lasts, measures the latency and aborts it when nothing comes back any more. */
export class Heartbeat {
  /** Why it aborted the session, if it did. */
  failure?: PeerError;

  /** Smoothed round trip in milliseconds, once measured. */
  latencyMs?: number;
  private timer?: NodeJS.Timeout;
  private missed = 0;
  private bytesIn = 0;
  private readonly stopped = new AbortController();

  constructor(
    private readonly session: PeerSession,
    private readonly times: Times,
    private readonly onLatency: (latencyMs: number) => void,
  ) {}

  start(): void {
    void this.beat();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.stopped.abort();
  }

  private async beat(): Promise<void> {
    let pauseMs = this.times.heartbeatMs;
    try {
      this.measured(await this.session.ping(this.signal()));
    } catch (error) {
      if (this.isOver) return;
      this.miss(error);
      pauseMs = 0; // the wait for the answer was the pause
    }
    if (this.isOver) return;
    this.timer = setTimeout(() => void this.beat(), pauseMs).unref();
  }

  private get isOver(): boolean {
    return this.stopped.signal.aborted || !this.session.isOpen;
  }

  private signal(): AbortSignal {
    return AbortSignal.any([this.stopped.signal, AbortSignal.timeout(this.times.heartbeatMs)]);
  }

  private measured(roundTripMs: number): void {
    this.missed = 0;
    this.bytesIn = this.session.bytesIn;
    const before = this.latencyMs ?? roundTripMs;
    this.latencyMs = before + SMOOTHING * (roundTripMs - before);
    this.onLatency(this.latencyMs);
  }

  private miss(cause: unknown): void {
    // On a slow line the answer waits behind file content: what arrives at all shows that the peer lives.
    const hasReceived = this.session.bytesIn > this.bytesIn;
    this.bytesIn = this.session.bytesIn;
    this.missed = hasReceived ? 0 : this.missed + 1;
    if (this.missed < this.times.missedHeartbeats) return;
    const seconds = (this.times.heartbeatMs * this.missed) / 1000;
    this.failure = new PeerError('TIMEOUT', `The other device has not answered for ${seconds} seconds.`, { cause });
    this.session.abort(this.failure);
  }
}
