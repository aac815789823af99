import { mkdirSync, readFileSync, rmSync } from 'node:fs';
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
