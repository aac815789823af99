// npm run test:fuzz: the generated campaigns with the counts of a night, then every hostile sequence with real deadlines.
// `npm run test:fuzz -- 5` runs each campaign 5 times as often as `npm test` does, in place of 50 times;
// `npm run test:fuzz -- 5 campaigns` or `... hostile` runs one half.
import { ensureBuilt } from './lib/build.mjs';
import { campaignTable } from './lib/campaigns.mjs';
import { withBinOnPath } from './lib/nx.mjs';
import { nodeForChildren } from './lib/pinned-node.mjs';
import { inRoot } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { runTool } from './lib/run-tool.mjs';
import { clearResults, readResults, resultFile } from './lib/test-results.mjs';

const NIGHTLY = 50;
const HOUR_MS = 3_600_000;
const WITH_CAMPAIGNS = [
  { name: 'protocol', folder: 'libs/protocol' },
  { name: 'file-store', folder: 'libs/file-store' },
  { name: 'api', folder: 'apps/api', flags: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'] },
];

const runJest = (name, args, { flags = [], env = {}, limitMs }) =>
  run(
    nodeForChildren(),
    [...flags, inRoot('node_modules/jest/bin/jest.js'), ...args, '--json', `--outputFile=${resultFile(name)}`],
    { env: { ...withBinOnPath(), ...env }, limitMs },
  );

async function runCampaigns(factor) {
  for (const { name, folder, flags } of WITH_CAMPAIGNS) {
    const args = ['-c', `${folder}/jest.config.cjs`, '-t', 'campaign P'];
    await runJest(name, args, { flags, env: { FERRY_FUZZ_FACTOR: String(factor) }, limitMs: 4 * HOUR_MS });
  }
  return WITH_CAMPAIGNS;
}

async function runHostile() {
  await ensureBuilt();
  const args = ['-c', 'apps/api-e2e/e2e.jest.cjs', '--runInBand', 'hostile/'];
  await runJest('hostile', args, { env: { FERRY_HOSTILE: 'full' }, limitMs: 4 * HOUR_MS });
  return [{ name: 'hostile' }];
}

await runTool(async () => {
  const [factor = String(NIGHTLY), part = 'all'] = process.argv.slice(2);
  if (!(Number(factor) > 0) || !['all', 'campaigns', 'hostile'].includes(part))
    throw new Error('Usage: npm run test:fuzz -- [times as often as npm test, 50] [campaigns | hostile]');
  clearResults();
  const campaigns = part === 'hostile' ? [] : await runCampaigns(Number(factor));
  const hostile = part === 'campaigns' ? [] : await runHostile();
  const table = campaignTable(campaigns);
  if (table) console.log(`\n${table}`);
  const counted = [...campaigns, ...hostile].map(({ name }) => readResults(name));
  const sum = (key) => counted.reduce((total, each) => total + each[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  if (sum('failed') > 0) process.exitCode = 1;
});
