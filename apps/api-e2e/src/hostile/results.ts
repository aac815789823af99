import type { HostileGroup, Role } from './case';
import { isCase } from './case';
import type { Measured } from './invariants';
import { IS_FULL, TIME_SCALE } from './mode';
import { remarks } from './remarks';

const ROLES: readonly Role[] = ['server', 'client'];

/** What came of all cases, for the table at the end of a run. */
export class Results {
  private readonly passed = new Map<string, number>();
  private readonly measured = new Map<string, Measured[]>();

  constructor(private readonly groups: readonly HostileGroup[]) {}

  notePassed(group: string, role: Role): void {
    const key = `${group} ${role}`;
    this.passed.set(key, (this.passed.get(key) ?? 0) + 1);
  }

  noteMeasured(group: string, measured: Measured): void {
    this.measured.set(group, [...(this.measured.get(group) ?? []), measured]);
  }

  /** One line a group that ran, then every sequence that does not apply with its reason, and remarks. */
  table(): string {
    const ran = this.groups.filter(({ name }) => ROLES.some((role) => this.passed.has(`${name} ${role}`)));
    if (ran.length === 0) return '';
    const how = IS_FULL
      ? 'real deadlines, invariants after each case'
      : `deadlines x ${TIME_SCALE}, invariants per group`;
    const head = `Hostile sequences (${how})\n\n${cells('group', 'as server', 'as client', 'health max', 'memory', 'fds', 'honest transfers')}`;
    const lines = ran.map((group) => this.line(group));
    const ids = new Set(ran.flatMap(({ rows }) => rows.filter(isCase).map(({ id }) => id)));
    const reasons = ran.flatMap(({ rows }) => reasonsOf(rows));
    return `\n${[head, ...lines, '', 'Not applicable:', ...reasons, ...remarks(ids)].join('\n')}\n`;
  }

  private line(group: HostileGroup): string {
    const counts = ROLES.map((role) => {
      const total = group.rows.filter((row) => isCase(row) && row.role === role).length;
      return `${this.passed.get(`${group.name} ${role}`) ?? 0}/${total}`;
    });
    const all = this.measured.get(group.name) ?? [];
    if (all.length === 0) return cells(group.name, ...counts, 'invariants broken');
    const max = (of: (measured: Measured) => number) => Math.max(...all.map(of));
    return cells(
      group.name,
      ...counts,
      `${Math.round(max((measured) => measured.healthMaxMs))} ms`,
      `${max((measured) => measured.memoryGrowthMiB).toFixed(1)} MiB`,
      `${max((measured) => measured.extraDescriptors)}`,
      `${all.reduce((sum, { honestTransfers }) => sum + honestTransfers, 0)}`,
    );
  }
}

function reasonsOf(rows: HostileGroup['rows']): string[] {
  const reasons = new Map<string, string[]>();
  for (const row of rows) {
    if (isCase(row)) continue;
    const key = `${row.id}: ${row.reason}`;
    reasons.set(key, [...(reasons.get(key) ?? []), row.role]);
  }
  return [...reasons].map(([text, roles]) => `  ${roles.length === 2 ? 'both  ' : (roles[0] ?? '').padEnd(6)} ${text}`);
}

function cells(...texts: readonly string[]): string {
  return texts
    .map((text) => text.padEnd(12))
    .join(' ')
    .trimEnd();
}
