import { MAX_KNOWN_REFUSALS, REFUSAL_LIFE_MS } from './limits';

interface Refusal {
  readonly reason: string;
  readonly until: number;
}

/** Content that has no thumbnail, and why: known for a while, as the reason may have been a busy machine. */
export class Refusals {
  private readonly known = new Map<string, Refusal>();

  /** @param now milliseconds. */
  note(fileId: string, reason: string, now = Date.now()): void {
    this.known.delete(fileId);
    this.known.set(fileId, { reason, until: now + REFUSAL_LIFE_MS });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MAX_KNOWN_REFUSALS) break;
      this.known.delete(oldest);
    }
  }

  reasonOf(fileId: string, now = Date.now()): string | undefined {
    const refusal = this.known.get(fileId);
    return refusal && refusal.until > now ? refusal.reason : undefined;
  }
}
