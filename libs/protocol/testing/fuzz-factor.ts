/** How many times more than in `npm test` a campaign runs: `npm run test:fuzz` raises it. */
export const FUZZ_FACTOR = Number(process.env['FERRY_FUZZ_FACTOR'] ?? 1);

/** Timeout of one campaign. */
export const FUZZ_TIMEOUT_MS = 60_000 * FUZZ_FACTOR;
