import type { FramePool } from './frame-pool';

interface Waiter {
  readonly capacity: number;
  readonly grant: (buffer: Buffer) => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Bounds the DATA that one session holds in memory, and shares the room out:
 * streams that wait take turns, one frame each.
 */
export class FrameTurns {
  /** In the order of their turns. */
  private readonly waiting = new Map<object, Waiter[]>();
  private used = 0;
  private peak = 0;

  constructor(
    private readonly limitBytes: number,
    private readonly pool: FramePool,
  ) {}

  /** Bytes of the frames being filled, waiting or being written. */
  get usedBytes(): number {
    return this.used;
  }

  /** The most that `usedBytes` ever was. */
  get peakBytes(): number {
    return this.peak;
  }

  /** @param stream whose turn it is to be; any object that stands for it. */
  take(stream: object, capacity: number): Promise<Buffer> {
    if (this.waiting.size === 0 && this.hasRoom(capacity)) return Promise.resolve(this.reserve(capacity));
    return new Promise((grant, refuse) => {
      const queue = this.waiting.get(stream);
      if (queue) queue.push({ capacity, grant, refuse });
      else this.waiting.set(stream, [{ capacity, grant, refuse }]);
    });
  }

  give(buffer: Buffer): void {
    this.pool.give(buffer);
    this.forget(buffer);
  }

  /** As `give`, for a buffer that must not be used again. */
  forget(buffer: Buffer): void {
    this.used -= buffer.length;
    this.serve();
  }

  /** Refuses what the stream waits for. */
  leave(stream: object, reason: unknown): void {
    const queue = this.waiting.get(stream) ?? [];
    this.waiting.delete(stream);
    for (const { refuse } of queue) refuse(reason);
    this.serve();
  }

  private serve(): void {
    for (const [stream, queue] of this.waiting) {
      const next = queue[0];
      if (!next || !this.hasRoom(next.capacity)) return;
      queue.shift();
      this.waiting.delete(stream);
      if (queue.length > 0) this.waiting.set(stream, queue); // behind the others
      next.grant(this.reserve(next.capacity));
    }
  }

  private hasRoom(capacity: number): boolean {
    return this.used + capacity <= this.limitBytes;
  }

  private reserve(capacity: number): Buffer {
    this.used += capacity;
    this.peak = Math.max(this.peak, this.used);
    return this.pool.take(capacity);
  }
}
