import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { nodeForChildren } from './pinned-node.mjs';
import { inRoot, root } from './root.mjs';
import { run } from './run.mjs';
import { tryAgain } from './second-try.mjs';
import { failedTests, readResults, resultFile } from './test-results.mjs';

const CONFIG = 'jest.config.cjs';
const LIMIT_MS = 60_000;
/** Tests that fail on purpose do not belong among the others on the terminal. */
const QUIET = { limitMs: LIMIT_MS, stdio: 'ignore' };

let folder;
let project;

beforeEach(() => {
  mkdirSync(inRoot('tmp/test-results'), { recursive: true });
  folder = mkdtempSync(inRoot('tmp/second-try-'));
  project = { name: basename(folder), folder: relative(root, folder) };
  writeFileSync(join(folder, 'project.json'), '{}');
  writeFileSync(
    join(folder, CONFIG),
    `module.exports = { transform: {}, modulePathIgnorePatterns: [], testMatch: ['<rootDir>/*.case.cjs'] };`,
  );
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const name of [project.name, `${project.name}-again`]) rmSync(resultFile(name), { force: true });
});

/** A test that fails as often as `failures` says. */
function writeCase(name, failures) {
  const marks = JSON.stringify(join(folder, `${name}.marks`));
  writeFileSync(
    join(folder, `${name}.case.cjs`),
    `const { appendFileSync, readFileSync } = require('node:fs');
     it('${name} holds', () => {
       appendFileSync(${marks}, 'x');
       expect(readFileSync(${marks}, 'utf8').length).toBeGreaterThan(${failures});
     });
     it('${name} is there', () => undefined);`,
  );
}

function runOnce() {
  const args = ['-c', join(project.folder, CONFIG), '--json', `--outputFile=${resultFile(project.name)}`];
  return run(nodeForChildren(), [inRoot('node_modules/jest/bin/jest.js'), ...args], QUIET);
}

it(
  'names what passes the second time, and leaves failed what fails again',
  async () => {
    writeCase('once', 1);
    writeCase('always', 9);
    writeCase('never', 0);
    expect(await runOnce()).not.toBe(0);
    expect(readResults(project.name)).toEqual({ passed: 4, failed: 2, skipped: 0 });
    expect(await tryAgain(project, CONFIG, QUIET)).toEqual(['once holds']);
    expect(readResults(project.name)).toEqual({ passed: 5, failed: 1, skipped: 0 });
    expect(failedTests(project.name)).toEqual(['always holds']);
  },
  LIMIT_MS,
);

it(
  'does not count a file that cannot be run as passed',
  async () => {
    writeFileSync(join(folder, 'broken.case.cjs'), 'throw new Error("broken")');
    await runOnce();
    expect(await tryAgain(project, CONFIG, QUIET)).toEqual([]);
    expect(readResults(project.name)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  },
  LIMIT_MS,
);

it(
  'leaves it at that when many files failed',
  async () => {
    for (const name of ['a', 'b', 'c', 'd']) writeCase(name, 1);
    await runOnce();
    expect(await tryAgain(project, CONFIG, QUIET)).toEqual([]);
    expect(readResults(project.name)).toEqual({ passed: 4, failed: 4, skipped: 0 });
  },
  LIMIT_MS,
);
