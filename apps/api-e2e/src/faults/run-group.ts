import { withDeadline } from '@ferry/test-nodes';
import { FULL_GROUP_MS, IS_FULL, ONLY, SCENARIO_MS, SEED, SHARE_MS } from './mode';
import { Random } from './random';
import type { Results } from './results';
import { type FaultGroup, NotReached, type Scenario, Unable } from './scenario';

const MAX_FAILURES_SHOWN = 10;
/** A group is given up that only fails: every failure costs its deadline. */
const MAX_FAILURES = 25;
/** Opening the group, and the scenario that runs when the time is up. */
const AROUND_MS = 240_000;

/** Declares the test of a group: all its scenarios, or as many as the short run has time for. */
export function describeGroup(group: FaultGroup, results: Results): void {
  const budgetMs = IS_FULL ? FULL_GROUP_MS : (SHARE_MS * group.share) / 100;
  it(
    `${group.name}: ${group.title}`,
    async () => {
      const disposals: (() => unknown)[] = [];
      try {
        await runGroup(group, results, budgetMs, (dispose) => disposals.push(dispose));
      } finally {
        for (const dispose of disposals.reverse()) await Promise.resolve(dispose()).catch(reportDisposal);
      }
    },
    budgetMs + AROUND_MS,
  );
}

async function runGroup(
  group: FaultGroup,
  results: Results,
  budgetMs: number,
  defer: (dispose: () => unknown) => void,
): Promise<void> {
  const startedAt = Date.now();
  let scenarios: readonly Scenario[];
  try {
    scenarios = await group.open(defer);
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    results.skip(group.title, error.message);
    return;
  }
  const wanted = scenarios.filter(({ name }) => ONLY.test(`${group.name} ${name}`));
  const order = IS_FULL ? wanted : new Random(SEED).shuffled(wanted);
  const tally = results.of(group.name, group.title);
  const failures: string[] = [];
  for (const [done, scenario] of order.entries()) {
    if ((done > 0 && Date.now() - startedAt > budgetMs) || failures.length >= MAX_FAILURES) {
      tally.left = order.length - done;
      break;
    }
    const failure = await outcomeOf(group, scenario, results);
    if (failure === undefined) continue;
    failures.push(`${group.name} ${scenario.name}: ${failure}`);
    if (IS_FULL) process.stderr.write(`failed: ${failures.at(-1)}\n`); // the whole takes an hour
  }
  tally.seconds = (Date.now() - startedAt) / 1000;
  if (failures.length > 0) throw new Error(summary(failures));
}

async function outcomeOf(group: FaultGroup, scenario: Scenario, results: Results): Promise<string | undefined> {
  const tally = results.of(group.name, group.title);
  try {
    const came = await withDeadline(scenario.run(), SCENARIO_MS, `the scenario ${scenario.name}`);
    tally.passed += 1;
    if (came) results.remark(`${group.name}: ${came}`);
    return undefined;
  } catch (error) {
    if (error instanceof NotReached) tally.notReached += 1;
    else if (error instanceof Unable) results.skip(scenario.name, error.message);
    else {
      tally.failed += 1;
      return error instanceof Error
        ? `${error.message}${error.cause ? `\n  ${String(error.cause)}` : ''}`
        : String(error);
    }
    return undefined;
  }
}

function summary(failures: readonly string[]): string {
  const shown = failures.slice(0, MAX_FAILURES_SHOWN);
  const again = `Again: FERRY_FAULTS_SEED=${SEED} FERRY_FAULTS_ONLY='<group> <scenario>'`;
  return [`${failures.length} scenarios failed.`, ...shown, again].join('\n\n');
}

function reportDisposal(error: unknown): void {
  process.stderr.write(`faults: clearing up failed: ${String(error)}\n`);
}
