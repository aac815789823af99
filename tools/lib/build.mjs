import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hashBuildInputs } from './build-inputs.mjs';
import { withLock } from './lock.mjs';
import { runNx } from './nx.mjs';
import { inRoot } from './root.mjs';

const stamp = inRoot('dist/.built');
/** Without one of these Ferry does not run, or (the worker) runs at a fraction of its speed. */
export const OUTPUTS = [
  'dist/apps/api/main.js',
  'dist/apps/api/web-server.js',
  'dist/apps/api/block-worker.js',
  'dist/apps/api/image-process.js',
  'dist/apps/web/browser/index.html',
];

const missingOutputs = () => OUTPUTS.filter((file) => !existsSync(inRoot(file)));

/** Also tells whether somebody else has written to dist since: a build by hand or `nx serve`. */
function stampFor(hash) {
  const written = OUTPUTS.map((file) => statSync(inRoot(file)).mtimeMs);
  return [hash, ...written].join('\n');
}

const isCurrent = (hash) =>
  existsSync(stamp) && missingOutputs().length === 0 && readFileSync(stamp, 'utf8') === stampFor(hash);

async function build(addHolder) {
  const hash = hashBuildInputs(); // before building: a change made meanwhile is built next time
  if (isCurrent(hash)) return; // by the process we waited for
  console.log('Building ...');
  rmSync(stamp, { force: true });
  const args = ['run-many', '-t', 'build', '-p', 'api,web', '--parallel=2', '--outputStyle=stream'];
  const code = await runNx(args, {
    onStart: addHolder,
    // Nx keeps its cache outside the checkout: a replay would run what another one was built from.
    env: { NODE_ENV: 'production', NX_SKIP_NX_CACHE: 'true' },
  });
  if (code !== 0) throw new Error('The build failed: see above.');
  const missing = missingOutputs();
  if (missing.length > 0) throw new Error(`The build made no ${missing.join(', ')}.`);
  mkdirSync(inRoot('dist'), { recursive: true });
  writeFileSync(`${stamp}.draft`, stampFor(hash));
  renameSync(`${stamp}.draft`, stamp);
}

/**
 * Builds node, web server and web UI for production when their sources differ from those of the last build.
 * @throws Error with a message for the user
 */
export async function ensureBuilt() {
  if (isCurrent(hashBuildInputs())) return;
  await withLock(
    {
      name: 'build',
      waitMs: 10 * 60_000,
      onWait: () => console.log('Waiting for another build of this checkout ...'),
    },
    build,
  );
}
