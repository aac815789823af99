import { ProtocolError } from '@ferry/protocol';

const WINDOW_MS = 1_000;

/** Bounds how much a second a peer may do of something that costs it less than us. */
export class FloodGuard {
  private windowStart = 0;
  private count = 0;

  constructor(
    private readonly what: string,
    private readonly limit: number,
  ) {}

  /** @throws ProtocolError TOO_MANY_REQUESTS. */
  admit(amount = 1): void {
    const now = performance.now();
    if (now - this.windowStart >= WINDOW_MS) {
      this.windowStart = now;
      this.count = 0;
    }
    this.count += amount;
    if (this.count > this.limit) {
      throw new ProtocolError('TOO_MANY_REQUESTS', `more than ${this.limit} ${this.what} a second`);
    }
  }
}
