// npm test: everything a change must pass. `test.mjs <step>...` runs some steps only; `npm test -- unit e2e` for instance.
// The last line counts tests; a step without tests that fails counts as one failed.
import { ensureBuilt } from './lib/build.mjs';
import { runNx, withBinOnPath } from './lib/nx.mjs';
import { nodeForChildren } from './lib/pinned-node.mjs';
import { campaignTable } from './lib/campaigns.mjs';
import { endToEnd, typeChecked, unitTested } from './lib/projects.mjs';
import { inRoot } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { runTool } from './lib/run-tool.mjs';
import { tryAgain } from './lib/second-try.mjs';
import { clearResults, readResults, resultFile } from './lib/test-results.mjs';

/** A test that leaves something open keeps jest from ending. */
const STEP_LIMIT_MS = 20 * 60_000;

const runModule = (script, args) =>
  run(nodeForChildren(), [inRoot('node_modules', script), ...args], { env: withBinOnPath(), limitMs: STEP_LIMIT_MS });

async function checkTypes() {
  const queue = [...typeChecked];
  let worst = 0;
  const checkNext = async () => {
    for (let config = queue.shift(); config; config = queue.shift()) {
      worst = Math.max(worst, await runModule('typescript/bin/tsc', ['--noEmit', '-p', config]));
    }
  };
  await Promise.all([checkNext(), checkNext()]);
  return worst;
}

async function build() {
  await ensureBuilt();
  return 0;
}

/** Tests that failed at first and passed when they were run alone. */
const passedThen = [];

/** @returns {Promise<number>} the exit code of a step: 0 when nothing is failed any more */
async function tryFailedAgain(projects, config, code) {
  if (code === 0) return code;
  const before = passedThen.length;
  for (const project of projects) {
    const titles = await tryAgain(project, config, { limitMs: STEP_LIMIT_MS });
    passedThen.push(...titles.map((title) => `${project.name}: ${title}`));
  }
  const isMended = passedThen.length > before && projects.every(({ name }) => readResults(name).failed === 0);
  return isMended ? 0 : code;
}

/** Nx puts the results where `resultFile` says: see nx.json. */
async function testUnits() {
  const args = ['run-many', '-t', 'test', '--parallel=2', '--outputStyle=stream'];
  return tryFailedAgain(unitTested, 'jest.config.cjs', await runNx(args, { limitMs: STEP_LIMIT_MS }));
}

async function testEndToEnd() {
  let worst = 0;
  for (const project of endToEnd) {
    const { name, folder } = project;
    const args = ['-c', `${folder}/e2e.jest.cjs`, '--runInBand', '--json', `--outputFile=${resultFile(name)}`];
    const code = await runModule('jest/bin/jest.js', args);
    worst = Math.max(worst, await tryFailedAgain([project], 'e2e.jest.cjs', code));
  }
  return worst;
}

const STEPS = {
  format: () => runModule('prettier/bin/prettier.cjs', ['--check', '.']),
  lint: () => runNx(['run-many', '-t', 'lint', '--parallel=2', '--outputStyle=stream']),
  types: checkTypes,
  build,
  unit: testUnits,
  e2e: testEndToEnd,
};
const TESTED_IN = { unit: unitTested, e2e: endToEnd };

async function runStep(name) {
  const startedAt = Date.now();
  console.log(`\n=== ${name}`);
  try {
    return { name, failed: (await STEPS[name]()) !== 0 };
  } catch (error) {
    console.error(error.message);
    return { name, failed: true };
  } finally {
    console.log(`=== ${name}: ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }
}

/** A step fails on its own account when its exit code says so and its tests do not say why. */
function tally({ name, failed }) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const project of TESTED_IN[name] ?? []) {
    const counted = readResults(project.name);
    for (const key of Object.keys(sum)) sum[key] += counted[key];
  }
  if (failed && sum.failed === 0) sum.failed = 1;
  return sum;
}

await runTool(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in STEPS));
  if (unknown.length > 0)
    throw new Error(`No such step: ${unknown.join(', ')}. Steps: ${Object.keys(STEPS).join(', ')}.`);
  process.env['NX_SKIP_NX_CACHE'] = 'true'; // a replay from another checkout proves nothing here
  clearResults();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failedSteps = [];
  for (const name of Object.keys(STEPS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const result = await runStep(name);
    const counted = tally(result);
    for (const key of Object.keys(total)) total[key] += counted[key];
    if (counted.failed > 0) failedSteps.push(name);
  }
  const campaigns = campaignTable(unitTested);
  if (campaigns) console.log(`\n${campaigns}`);
  if (passedThen.length > 0) console.log(`\nFailed at first, and passed when run alone:\n  ${passedThen.join('\n  ')}`);
  if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`);
  if (total.skipped > 0) console.log(`\n${total.skipped} skipped`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
});
