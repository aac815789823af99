import { IS_FULL, SEED } from './mode';

interface Tally {
  readonly title: string;
  passed: number;
  failed: number;
  notReached: number;
  /** Left for other runs: the short run has time for a share only. */
  left: number;
  seconds: number;
}

/** What came of every scenario, for the table at the end. */
export class Results {
  private readonly tallies = new Map<string, Tally>();
  private readonly skipped: string[] = [];
  private readonly remarks = new Map<string, number>();

  /** The counts of one group, to be added to. */
  of(name: string, title: string): Tally {
    const tally = this.tallies.get(name) ?? { title, passed: 0, failed: 0, notReached: 0, left: 0, seconds: 0 };
    this.tallies.set(name, tally);
    return tally;
  }

  /** What this machine cannot do. */
  skip(what: string, reason: string): void {
    this.skipped.push(`${what}: ${reason}`);
  }

  /** Something that is allowed and worth knowing how often it came. */
  remark(text: string): void {
    this.remarks.set(text, (this.remarks.get(text) ?? 0) + 1);
  }

  table(): string {
    if (this.tallies.size === 0 && this.skipped.length === 0) return '';
    const rows = [...this.tallies].map(([name, { title, passed, failed, notReached, left, seconds }]) =>
      cells(name, passed, failed, notReached, left, `${Math.round(seconds)} s`, title),
    );
    const remarks = [...this.remarks].sort().map(([text, count]) => `  ${count} x ${text}`);
    const sum = (key: 'passed' | 'failed') => [...this.tallies.values()].reduce((total, each) => total + each[key], 0);
    const skipped = this.skipped.length > 0 ? ` (${this.skipped.join('; ')})` : '';
    return `\n${[
      `Faults, ${IS_FULL ? 'all of them' : 'a share'}; the same again with FERRY_FAULTS_SEED=${SEED}`,
      '',
      cells('group', 'passed', 'failed', 'not met', 'left', 'time', ''),
      ...rows,
      ...(remarks.length > 0 ? ['', 'What came of them:', ...remarks] : []),
      '',
      `faults: ${sum('passed')} passed, ${sum('failed')} failed, ${this.skipped.length} skipped${skipped}`,
    ].join('\n')}\n`;
  }
}

function cells(name: string, ...rest: readonly (string | number)[]): string {
  return [name.padEnd(10), ...rest.map((cell) => String(cell).padStart(8))].join(' ').replace(/ +(\S.*)?$/, '  $1');
}
