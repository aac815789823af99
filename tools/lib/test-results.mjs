import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inRoot } from './root.mjs';

const folder = inRoot('tmp/test-results');

export const resultFile = (project) => `${folder}/${project}.json`;

/** Old results must not count for a project whose tests no longer start. */
export function clearResults() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/**
 * What jest counted for one project. A suite that could not run counts as one failed test, and so does a project without results.
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function readResults(project) {
  let json;
  try {
    json = JSON.parse(readFileSync(resultFile(project), 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { passed: 0, failed: 1, skipped: 0 };
  }
  return {
    passed: json.numPassedTests,
    failed: json.numFailedTests + json.numRuntimeErrorTestSuites,
    skipped: json.numPendingTests + json.numTodoTests,
  };
}
