/** Counts what happens in a window of time, and says when it is enough. */
export class RateWindow {
  private startedAt = -Infinity;
  private count = 0;

  constructor(
    private readonly max: number,
    private readonly windowMs: number,
  ) {}

  /** @returns whether there was room for one more. @param now milliseconds of a clock that only goes forward. */
  take(now: number): boolean {
    if (now - this.startedAt >= this.windowMs) {
      this.startedAt = now;
      this.count = 0;
    }
    if (this.count >= this.max) return false;
    this.count += 1;
    return true;
  }
}

/** The same for each of many sources. Those beyond `maxSources` in one window find no room. */
export class SourceWindows {
  private startedAt = -Infinity;
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly max: number,
    private readonly windowMs: number,
    private readonly maxSources: number,
  ) {}

  /** @returns whether there was room for one more of this source. */
  take(source: string, now: number): boolean {
    if (now - this.startedAt >= this.windowMs) {
      this.startedAt = now;
      this.counts.clear();
    }
    const count = this.counts.get(source) ?? 0;
    if (count >= this.max || (count === 0 && this.counts.size >= this.maxSources)) return false;
    this.counts.set(source, count + 1);
    return true;
  }
}
