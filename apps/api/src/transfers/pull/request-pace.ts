import { WINDOW_BLOCKS } from './block-buffers';

/** Blocks asked for by one `file.read` on a fast link: four requests keep the window of a session full. */
const BLOCKS_PER_REQUEST = 4;

/** A request that is answered sooner does not fill the link: more may be on the way. */
const FAST_MS = 400;
/** A request that takes longer stands in the way of everything else on the session: less may be on the way. */
const SLOW_MS = 1_000;

interface Waiter {
  readonly wanted: number;
  readonly grant: (blocks: number) => void;
}

/**
 * How many blocks one transfer asks for at once. What is on the way fills the buffers of a slow link, and the answer to
 * any other question waits behind it; so the window follows the time that requests take, between one block and the
 * protocol's window.
 */
export class RequestPace {
  private window = BLOCKS_PER_REQUEST;
  private outstanding = 0;
  private readonly waiters: Waiter[] = [];

  /**
   * Waits for its turn, first come first served. Each take is followed by one `answered` with the same number.
   * @returns how many blocks the request may ask for, 1 to `wanted`.
   * @throws AbortError
   */
  take(wanted: number, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.serve();
      };
      const waiter: Waiter = {
        wanted,
        grant: (blocks) => {
          signal.removeEventListener('abort', abort);
          resolve(blocks);
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      this.waiters.push(waiter);
      this.serve();
    });
  }

  /** @param elapsedMs from the question to the last byte; absent when the request failed. */
  answered(blocks: number, elapsedMs?: number): void {
    this.outstanding -= blocks;
    if (elapsedMs !== undefined && elapsedMs < FAST_MS) this.window = Math.min(WINDOW_BLOCKS, this.window + blocks);
    else if (elapsedMs !== undefined && elapsedMs > SLOW_MS) this.window = Math.max(1, Math.floor(this.window / 2));
    this.serve();
  }

  private serve(): void {
    for (let waiter = this.waiters[0]; waiter; waiter = this.waiters[0]) {
      const blocks = Math.min(waiter.wanted, BLOCKS_PER_REQUEST, this.window);
      if (this.outstanding > 0 && this.outstanding + blocks > this.window) return;
      this.waiters.shift();
      this.outstanding += blocks;
      waiter.grant(blocks);
    }
  }
}
