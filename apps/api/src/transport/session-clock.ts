import type { Deadlines } from '@ferry/protocol';

/** What the clock looks at. Times are `performance.now()`. */
export interface Watched {
  /** When the last bytes came. */
  readonly heardAt: number;
  /** When the frame under way was begun, 0 between frames. */
  readonly partialSince: number;
  /** When the write under way was begun, 0 when there is none. */
  readonly writingSince: number;
  /** Whether both hellos are done. */
  readonly isGreeted: boolean;
}

export interface ClockEvents {
  /** The peer was silent: ask for a sign of life. */
  ping(): void;
  expired(what: string, afterMs: number): void;
}

const TICKS_PER_DEADLINE = 8;
const SLOWEST_TICK_MS = 1_000;

/** Watches all deadlines of one session with one timer. */
export class SessionClock {
  private readonly timer: NodeJS.Timeout;
  private readonly startedAt = performance.now();
  private readonly tickMs: number;
  private tickedAt = this.startedAt;
  private pingedAt = 0;

  constructor(
    private readonly deadlines: Deadlines,
    private readonly watched: Watched,
    private readonly events: ClockEvents,
  ) {
    const { helloMs, frameMs, pingAfterMs, idleMs, writeMs } = deadlines;
    const shortest = Math.min(helloMs, frameMs, pingAfterMs, idleMs, writeMs);
    this.tickMs = Math.min(SLOWEST_TICK_MS, Math.ceil(shortest / TICKS_PER_DEADLINE));
    this.timer = setInterval(() => this.tick(), this.tickMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = performance.now();
    const wasAsleep = now - this.tickedAt > 3 * this.tickMs;
    this.tickedAt = now;
    if (wasAsleep) return; // the machine or the loop stood still: read first what came meanwhile
    const { heardAt, partialSince, writingSince, isGreeted } = this.watched;
    const { helloMs, frameMs, idleMs, writeMs, pingAfterMs } = this.deadlines;
    if (!isGreeted && now - this.startedAt > helloMs) return this.events.expired('hello', helloMs);
    if (partialSince > 0 && now - partialSince > frameMs) return this.events.expired('frame', frameMs);
    if (writingSince > 0 && now - writingSince > writeMs) return this.events.expired('write', writeMs);
    if (now - heardAt > idleMs) return this.events.expired('sign of life', idleMs);
    if (isGreeted && now - Math.max(heardAt, this.pingedAt) > pingAfterMs) {
      this.pingedAt = now;
      this.events.ping();
    }
  }
}
