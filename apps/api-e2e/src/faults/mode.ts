/** `npm test` runs a share of the scenarios, other ones each time; `FERRY_FAULTS=full` (`npm run test:faults`) all of them. */
export const IS_FULL = process.env['FERRY_FAULTS'] === 'full';

/** Decides which scenarios are in the share, their order and every random place. The table prints it. */
export const SEED = Number(process.env['FERRY_FAULTS_SEED'] ?? Date.now() % 1_000_000);

/** A regular expression: only scenarios whose group and name fit it. For work on single ones. */
export const ONLY = new RegExp(process.env['FERRY_FAULTS_ONLY'] ?? '');

/** What the share of all groups together takes, about. */
export const SHARE_MS = 180_000;

/** No scenario may take longer. */
export const SCENARIO_MS = 120_000;

/** A full group ends at the latest then, and says what it left out. */
export const FULL_GROUP_MS = 90 * 60_000;
