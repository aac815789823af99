import { readFileSync } from 'node:fs';
import { withBinOnPath } from './nx.mjs';
import { nodeForChildren } from './pinned-node.mjs';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';
import { failedSuites, failedTests, replaceSuites, resultFile } from './test-results.mjs';

/** More than these are no accident: they stay failed. */
const MAX_SUITES = 3;

/** What the project's own test target sets. */
function testEnvironment(folder) {
  const { targets } = JSON.parse(readFileSync(inRoot(folder, 'project.json'), 'utf8'));
  return targets?.test?.options?.env ?? {};
}

/**
 * Runs the few test files of a project that failed once more, with nothing beside them: these tests have real processes, disks and
 * clocks on machines that others use as well. What passes then counts as passed, and is named at the end of the run.
 * @param {{ name: string, folder: string }} project
 * @param {string} config its jest configuration, in its folder
 * @param {{ limitMs?: number, stdio?: 'inherit' | 'ignore' }} options as `run` takes them
 * @returns {Promise<string[]>} the tests that failed at first and passed then
 */
export async function tryAgain({ name, folder }, config, options) {
  const suites = failedSuites(name);
  if (suites.length === 0 || suites.length > MAX_SUITES) return [];
  const before = failedTests(name);
  console.log(`\n=== ${name}: ${suites.length} of its files failed, and are run once more, alone`);
  const again = `${name}-again`;
  const args = ['--runInBand', '--json', `--outputFile=${resultFile(again)}`, '--runTestsByPath', ...suites];
  const env = withBinOnPath(testEnvironment(folder));
  await run(nodeForChildren(), [inRoot('node_modules/jest/bin/jest.js'), '-c', `${folder}/${config}`, ...args], {
    ...options,
    env,
  });
  replaceSuites(name, again);
  const after = new Set(failedTests(name));
  return before.filter((title) => !after.has(title));
}
