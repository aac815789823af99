import type { BlockRange } from '@ferry/protocol';

/** A set of blocks of one file as ascending runs that neither overlap nor touch. */
export class BlockRanges {
  /** Two numbers a run: its first block, and the one after its last. */
  private runs: number[] = [];

  /** @param maxRuns beyond it the shortest runs are forgotten. */
  constructor(private readonly maxRuns = Infinity) {}

  get blockCount(): number {
    return this.list().reduce((sum, [, count]) => sum + count, 0);
  }

  has(block: number): boolean {
    const after = this.runs.findIndex((edge) => edge > block); // an odd place is the end of the run that holds it
    return after % 2 === 1;
  }

  list(): BlockRange[] {
    const ranges: BlockRange[] = [];
    for (let at = 0; at < this.runs.length; at += 2) {
      const first = this.runs[at] as number;
      ranges.push([first, (this.runs[at + 1] as number) - first]);
    }
    return ranges;
  }

  /** @param ranges ascending; they may overlap what is here. */
  add(ranges: readonly BlockRange[]): void {
    const sorted = merge(this.list(), ranges);
    const runs: number[] = [];
    for (const [first, count] of sorted) {
      const end = runs.at(-1);
      if (end !== undefined && first <= end) runs[runs.length - 1] = Math.max(end, first + count);
      else runs.push(first, first + count);
    }
    this.runs = runs;
    if (runs.length > 2 * this.maxRuns) this.forgetShortest();
  }

  /** Takes the first `count` runs out. */
  take(count: number): BlockRange[] {
    const taken = this.list().slice(0, count);
    this.runs.splice(0, 2 * count);
    return taken;
  }

  private forgetShortest(): void {
    const kept = this.list()
      .sort(([, a], [, b]) => b - a)
      .slice(0, this.maxRuns)
      .sort(([a], [b]) => a - b);
    this.runs = kept.flatMap(([first, count]) => [first, first + count]);
  }
}

function merge(left: readonly BlockRange[], right: readonly BlockRange[]): BlockRange[] {
  const merged: BlockRange[] = [];
  let at = 0;
  for (const range of right) {
    for (let next = left[at]; next && next[0] <= range[0]; next = left[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(range);
  }
  return merged.concat(left.slice(at));
}
