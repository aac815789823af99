/** Lets a few do something at once, and a bounded number wait in line for it. */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly atOnce: number,
    private readonly maxWaiting: number,
  ) {}

  /** @returns undefined, without having run anything, when too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.running >= this.atOnce && this.waiting.length >= this.maxWaiting) return undefined;
    return this.inTurn(work);
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve)); // whoever ends hands its place on
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
