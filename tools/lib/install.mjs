// Runs on whatever Node is on the machine (20 and up), before node_modules exists: built-ins only, here and in what it imports.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { isNewEnough, pinnedNode } from './pinned-node.mjs';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';

const stamp = inRoot('node_modules/.bootstrap');

/** The stamp of a complete install: it exists only after `npm ci` has succeeded for exactly this lock file. */
function wantedStamp() {
  const lockFile = readFileSync(inRoot('package-lock.json'));
  const hash = createHash('sha256').update(lockFile).digest('hex');
  return `${hash} ${process.platform}-${process.arch}`;
}

function readStamp() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function install(addHolder) {
  const wanted = wantedStamp();
  const found = readStamp();
  if (found === wanted) return; // by the process we waited for
  console.log(
    found ? 'package-lock.json changed: running npm ci ...' : 'Installing packages with npm ci (1-2 minutes) ...',
  );
  rmSync(stamp, { force: true });
  const npm = process.env['npm_execpath'];
  // npm's own Node, not the pinned one: that lies in node_modules, which npm ci deletes.
  const npmNode = process.env['npm_node_execpath'] ?? process.execPath;
  const [command, args] = npm ? [npmNode, [npm]] : ['npm', []];
  const code = await run(command, [...args, 'ci', '--loglevel=error'], {
    shell: !npm && process.platform === 'win32',
    onStart: addHolder,
  });
  if (code !== 0) throw new Error('npm ci failed: see the npm error above.');
  writeFileSync(`${stamp}.draft`, wanted);
  renameSync(`${stamp}.draft`, stamp);
}

/**
 * Makes node_modules match package-lock.json. Several processes of one checkout may call it at the same moment: one installs,
 * the others wait for it.
 * @throws Error with a message for the user
 */
export async function ensureInstalled() {
  if (readStamp() !== wantedStamp()) {
    await withLock(
      {
        name: 'install',
        waitMs: 15 * 60_000,
        onWait: () => console.log('Waiting for another npm ci of this checkout ...'),
      },
      install,
    );
  }
  if (!pinnedNode() && !isNewEnough(process.versions.node)) {
    throw new Error(
      `Ferry needs Node 24.15 or newer. npm offers none for ${process.platform}-${process.arch}, and this is Node ${process.versions.node}. ` +
        'Install a newer one from https://nodejs.org and run the command again.',
    );
  }
}
