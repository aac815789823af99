/** Waiting times that double from `firstMs` to `maxMs`, with jitter so that devices do not dial each other in step. */
export class BackOff {
  private failures = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** @returns the next waiting time: between half of the step and the whole of it. */
  next(): number {
    const stepMs = Math.min(this.maxMs, this.firstMs * 2 ** this.failures);
    if (stepMs < this.maxMs) this.failures += 1;
    return stepMs * (0.5 + this.random() / 2);
  }

  /** Starts again with the first step. */
  reset(): void {
    this.failures = 0;
  }
}
