/** `npm test` runs the cases side by side with short deadlines; `FERRY_HOSTILE=full` one by one with the real ones. */
export const IS_FULL = process.env['FERRY_HOSTILE'] === 'full';

/** A regular expression: only cases whose id fits it. For work on single cases. */
export const ONLY = new RegExp(process.env['FERRY_HOSTILE_ONLY'] ?? '');

/** All deadlines between devices are multiplied with this. */
export const TIME_SCALE = IS_FULL ? 1 : 0.2;

/** Beyond a deadline, for a busy machine. */
export const SLACK_MS = 8_000;

/** Cases of one group that run side by side. */
export const CASES_AT_ONCE = 6;

/** The slowest answer of `/health/live` that is accepted. */
export const HEALTH_MS = IS_FULL ? 250 : 2_000;

/** Milliseconds that a deadline of so many seconds lasts in this run. */
export function scaledMs(seconds: number): number {
  return seconds * 1_000 * TIME_SCALE;
}
