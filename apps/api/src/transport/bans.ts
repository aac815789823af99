export interface BanRule {
  /** So many within `memoryMs` bring a ban. */
  readonly violations: number;
  readonly memoryMs: number;
  readonly banMs: number;
  /** Names that are remembered, banned ones and others each; the oldest are forgotten first. */
  readonly maxNames: number;
}

/** Remembers who broke the protocol, and refuses for a while who does so again and again. */
export class Bans {
  /** Times of the violations by name, oldest first; the names in the order of their last violation. */
  private readonly violations = new Map<string, readonly number[]>();
  /** When the ban ends, by name; the names in the order of these times. */
  private readonly banned = new Map<string, number>();

  /** @param now milliseconds of a clock that never goes back. */
  constructor(
    private readonly rule: BanRule,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @returns whether a ban begins with this violation. */
  note(name: string): boolean {
    const now = this.now();
    const earlier = this.violations.get(name) ?? [];
    const times = [...earlier.filter((time) => now - time < this.rule.memoryMs), now];
    this.violations.delete(name);
    if (times.length < this.rule.violations) {
      this.violations.set(name, times);
      this.forgetOldest(this.violations);
      return false;
    }
    this.banned.delete(name);
    this.banned.set(name, now + this.rule.banMs);
    this.forgetOldest(this.banned);
    return true;
  }

  /** Milliseconds until the ban ends; 0 without one. */
  leftMs(name: string): number {
    const left = (this.banned.get(name) ?? 0) - this.now();
    if (left > 0) return left;
    this.banned.delete(name);
    return 0;
  }

  private forgetOldest(names: Map<string, unknown>): void {
    const [oldest] = names.keys();
    if (names.size > this.rule.maxNames && oldest !== undefined) names.delete(oldest);
  }
}
