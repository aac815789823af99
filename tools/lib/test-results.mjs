import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot } from './root.mjs';

const folder = inRoot('tmp/test-results');

export const resultFile = (project) => `${folder}/${project}.json`;

/** Old results must not count for a project whose tests no longer start. */
export function clearResults() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** What jest wrote for one project; `undefined` when it did not run. */
function readJson(project) {
  try {
    return JSON.parse(readFileSync(resultFile(project), 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Every test of one project. @returns {{ title: string, status: string, duration: number }[]} `duration` in milliseconds */
export function readTests(project) {
  const suites = readJson(project)?.testResults ?? [];
  return suites.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status, duration }) => ({ title, status, duration: duration ?? 0 })),
  );
}

/**
 * What jest counted for one project. A suite that could not run counts as one failed test, and so does a project without results.
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function readResults(project) {
  const json = readJson(project);
  if (!json) return { passed: 0, failed: 1, skipped: 0 };
  return {
    passed: json.numPassedTests,
    failed: json.numFailedTests + json.numRuntimeErrorTestSuites,
    skipped: json.numPendingTests + json.numTodoTests,
  };
}

/** The test files of a project that failed, as jest names them. @returns {string[]} */
export const failedSuites = (project) =>
  (readJson(project)?.testResults ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name);

/** The tests of a project that failed, by name; a file that could not be run at all stands for itself. @returns {string[]} */
export function failedTests(project) {
  const suites = (readJson(project)?.testResults ?? []).filter(({ status }) => status === 'failed');
  return suites.flatMap(({ name, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    return failed.length > 0 ? failed : [name.slice(name.lastIndexOf('/') + 1)];
  });
}

/** Puts the suites that `again` holds in the place of those of `project`, and counts anew. */
export function replaceSuites(project, again) {
  const [json, repeated] = [readJson(project), readJson(again)];
  if (!json || !repeated) return;
  const byName = new Map(repeated.testResults.map((suite) => [suite.name, suite]));
  const testResults = json.testResults.map((suite) => byName.get(suite.name) ?? suite);
  const count = (...wanted) =>
    testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => wanted.includes(status))
      .length;
  const merged = {
    ...json,
    testResults,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending', 'skipped', 'disabled'),
    numTodoTests: count('todo'),
    numRuntimeErrorTestSuites: testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
    ).length,
  };
  writeFileSync(resultFile(project), JSON.stringify(merged));
}
