import type { HostileCase, HostileGroup } from './case';
import { isCase } from './case';
import { Field } from './field';
import { SEQUENCES } from './ids';
import { CASES_AT_ONCE, IS_FULL, ONLY } from './mode';
import type { Results } from './results';

const CASE_MS = IS_FULL ? 15 * 60_000 : 4 * 60_000;

/** Declares the tests of a group: one a case, and its invariants. */
export function describeGroup(group: HostileGroup, results: Results): void {
  const cases = group.rows.filter(isCase).filter(({ id }) => ONLY.test(id));

  it(`group ${group.name}: every sequence is a case or has a reason, in both roles`, () => {
    const wanted = (SEQUENCES[group.name] ?? []).flatMap((id) => [`${id} server`, `${id} client`]);
    const rows = group.rows.map(({ id, role }) => `${id} ${role}`);
    const missing = wanted.filter((name) => !rows.includes(name));
    const surplus = rows.filter((name, index) => !wanted.includes(name) || rows.indexOf(name) !== index);
    expect({ missing, surplus }).toEqual({ missing: [], surplus: [] });
  });

  if (cases.length === 0) return; // `ONLY` names none of them
  describe(`group ${group.name}: ${group.title}`, () => {
    let field: Field;
    let run: CaseRun;
    beforeAll(async () => {
      field = await Field.open(group);
      run = new CaseRun(field, cases);
      if (!IS_FULL) await field.invariants.begin();
    }, CASE_MS);
    afterAll(() => field?.close()); // absent when it could not be opened

    for (const one of cases) {
      it(
        `${one.id} ${one.role} ${one.expect}: ${one.title}`,
        async () => {
          if (IS_FULL) results.noteMeasured(group.name, await runWatched(field, one));
          else await run.result(one);
          results.notePassed(group.name, one.role);
        },
        CASE_MS,
      );
    }

    if (!IS_FULL) {
      it(
        'keeps all invariants',
        async () => {
          await run.allDone();
          results.noteMeasured(group.name, await field.invariants.check());
        },
        CASE_MS,
      );
    }
  });
}

/** One case with its invariants around it. */
async function runWatched(field: Field, one: HostileCase) {
  await field.invariants.begin();
  try {
    await runCase(field, one);
  } catch (error) {
    await field.invariants.check().catch(() => undefined); // ends what begin began; the verdict matters more
    throw error;
  }
  return field.invariants.check();
}

async function runCase(field: Field, { run }: HostileCase): Promise<void> {
  const ground = field.ground();
  let isRight = false;
  try {
    await run(ground);
    isRight = true;
  } finally {
    const ended = ground.end();
    if (isRight) await ended;
    else await ended.catch(() => undefined); // the first fault is the one to see
  }
}

/** The cases of a group side by side, in the order of the table; then those that need the node for themselves. */
class CaseRun {
  private readonly results = new Map<HostileCase, Promise<void>>();

  constructor(
    private readonly field: Field,
    private readonly cases: readonly HostileCase[],
  ) {}

  /** What came of one case; the first question starts all. */
  async result(one: HostileCase): Promise<void> {
    if (this.results.size === 0) this.start();
    await this.results.get(one);
  }

  async allDone(): Promise<void> {
    await Promise.allSettled(this.results.values());
  }

  private start(): void {
    const together = this.cases.filter(({ alone }) => !alone);
    const lanes = Array.from({ length: CASES_AT_ONCE }, () => Promise.resolve());
    together.forEach((one, index) => {
      const lane = index % CASES_AT_ONCE;
      lanes[lane] = this.after(lanes[lane] as Promise<void>, one);
    });
    let before: Promise<void> = Promise.all(lanes).then(() => undefined);
    for (const one of this.cases.filter(({ alone }) => alone)) before = this.after(before, one);
  }

  /** Runs a case behind others. @returns when it is over, well or not. */
  private after(before: Promise<void>, one: HostileCase): Promise<void> {
    const result = before.then(() => runCase(this.field, one));
    this.results.set(one, result);
    return result.catch(() => undefined);
  }
}
