import { BLOCK_BYTES, MAX_OUTSTANDING_BYTES } from '@ferry/protocol';

/** Blocks that one session may have asked for and not yet written: the protocol's window. */
export const WINDOW_BLOCKS = MAX_OUTSTANDING_BYTES / BLOCK_BYTES;

/** Blocks in memory over all sessions, 1 MiB each. docs/LIMITS.md. */
export const MAX_BLOCK_BUFFERS = 48;

interface Waiter {
  readonly owner: object;
  readonly count: number;
  readonly grant: (buffers: SharedArrayBuffer[]) => void;
}

/**
 * Lends block-sized shared memory, so that asking a peer for a block and having room for it is one act:
 * what arrives always has a place, and memory stays bounded however many transfers run.
 */
export class BlockBuffers {
  private readonly free: SharedArrayBuffer[] = [];
  private readonly lent = new Map<object, number>();
  private readonly waiters: Waiter[] = [];
  private made = 0;

  constructor(
    private readonly limit = MAX_BLOCK_BUFFERS,
    private readonly limitPerOwner = WINDOW_BLOCKS,
  ) {}

  /**
   * Resolves when `count` buffers are there for `owner` (a session); first come, first served among those who can be served.
   * @throws AbortError
   */
  acquire(owner: object, count: number, signal: AbortSignal): Promise<SharedArrayBuffer[]> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.serve();
      };
      const waiter: Waiter = {
        owner,
        count,
        grant: (buffers) => {
          signal.removeEventListener('abort', abort);
          resolve(buffers);
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      this.waiters.push(waiter);
      this.serve();
    });
  }

  /** Gives one buffer back; its content is not cleared. */
  release(owner: object, buffer: SharedArrayBuffer): void {
    const lent = (this.lent.get(owner) ?? 0) - 1;
    if (lent > 0) this.lent.set(owner, lent);
    else this.lent.delete(owner);
    this.free.push(buffer);
    this.serve();
  }

  private serve(): void {
    for (let index = 0; index < this.waiters.length;) {
      const waiter = this.waiters[index] as Waiter;
      const lent = this.lent.get(waiter.owner) ?? 0;
      const available = this.free.length + this.limit - this.made;
      if (waiter.count > available) return; // the oldest first, so a large wish is not starved by small ones
      if (lent + waiter.count > this.limitPerOwner) {
        index += 1;
        continue;
      }
      this.waiters.splice(index, 1);
      this.lent.set(waiter.owner, lent + waiter.count);
      waiter.grant(Array.from({ length: waiter.count }, () => this.take()));
    }
  }

  private take(): SharedArrayBuffer {
    const reused = this.free.pop();
    if (reused) return reused;
    this.made += 1;
    return new SharedArrayBuffer(BLOCK_BYTES);
  }
}
