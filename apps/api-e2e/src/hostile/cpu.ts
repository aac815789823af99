import type { Ground } from './ground';
import { IS_FULL } from './mode';

/** The system counts in ticks of 10 ms, user and system time each. */
const TICKS_MS = 20;
/** Of the time that passes: the honest transfer, and questions about health. */
const BACKGROUND = 0.1;
/** Side by side with others, whose time is counted too. */
const SHORT_RUN_MS = 3_000;
const SHORT_RUN_FACTOR = 5;

/** What a case does costs the node no more processor time than this, beside what runs anyway. @param limitMs for `work`. */
export async function withinCpu<Result>(
  { field: { invariants } }: Ground,
  limitMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const before = await invariants.cpuMs();
  const result = await work();
  const usedMs = (await invariants.cpuMs()) - before;
  const backgroundMs = TICKS_MS + BACKGROUND * (performance.now() - startedAt);
  const allowedMs = IS_FULL ? limitMs + backgroundMs : limitMs * SHORT_RUN_FACTOR + SHORT_RUN_MS;
  expect(usedMs).toBeLessThanOrEqual(allowedMs);
  return result;
}
