// npm run test:faults: every fault that the machine can make, against the built node; npm test runs a share of them.
// `npm run test:faults -- kill` runs the groups or single scenarios whose name fits the regular expression,
// `FERRY_FAULTS_SEED=<number>` repeats the random ones of an earlier run.
import { ensureBuilt } from './lib/build.mjs';
import { withBinOnPath } from './lib/nx.mjs';
import { nodeForChildren } from './lib/pinned-node.mjs';
import { inRoot } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { runTool } from './lib/run-tool.mjs';

const LIMIT_MS = 4 * 3_600_000;

await runTool(async () => {
  const [only, ...surplus] = process.argv.slice(2);
  if (surplus.length > 0) throw new Error('Usage: npm run test:faults -- [regular expression of group and scenario]');
  await ensureBuilt();
  const env = { ...withBinOnPath(), FERRY_FAULTS: 'full', ...(only && { FERRY_FAULTS_ONLY: only }) };
  const args = [inRoot('node_modules/jest/bin/jest.js'), '-c', 'apps/api-e2e/e2e.jest.cjs', '--runInBand', 'faults/'];
  process.exitCode = await run(nodeForChildren(), args, { env, limitMs: LIMIT_MS });
});
