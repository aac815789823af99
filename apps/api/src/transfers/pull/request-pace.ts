import { WINDOW_BLOCKS } from './block-buffers';

/** Blocks asked for by one `file.read` on a fast link: four requests keep the window of a session full. */
const BLOCKS_PER_REQUEST = 4;

/** A request that is answered sooner does not fill the link: more may be on the way. */
const FAST_MS = 400;
/** A request that takes longer stands in the way of everything else on the session: less may be on the way. */
const SLOW_MS = 1_000;

/**
 * How many blocks of a file are asked for at once. What is on the way fills the buffers of a slow link, and the answer to
 * any other question waits behind it; so the window follows the time that requests take, between one block and the
 * protocol's window.
 */
export class RequestPace {
  private window = BLOCKS_PER_REQUEST;
  private outstanding = 0;
  private wake: (() => void) | undefined;

  /** Resolves with how many blocks the next request may ask for. @throws AbortError */
  async next(signal: AbortSignal): Promise<number> {
    for (;;) {
      signal.throwIfAborted();
      const count = Math.min(BLOCKS_PER_REQUEST, this.window);
      if (this.outstanding === 0 || this.outstanding + count <= this.window) return count;
      await this.change(signal);
    }
  }

  asked(blocks: number): void {
    this.outstanding += blocks;
  }

  /** @param elapsedMs from the question to the last byte; absent when the request failed. */
  answered(blocks: number, elapsedMs?: number): void {
    this.outstanding -= blocks;
    if (elapsedMs !== undefined && elapsedMs < FAST_MS) this.window = Math.min(WINDOW_BLOCKS, this.window + blocks);
    else if (elapsedMs !== undefined && elapsedMs > SLOW_MS) this.window = Math.max(1, Math.floor(this.window / 2));
    this.wake?.();
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.wake = undefined;
        resolve();
      };
      this.wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
