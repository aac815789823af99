import { delimiter } from 'node:path';
import { nodeForChildren } from './pinned-node.mjs';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';

const script = inRoot('node_modules/nx/dist/bin/nx.js');

/** For programs from node_modules: what they start by name comes from there too, Node included, as under npm. */
export const withBinOnPath = (env) => ({
  ...env,
  PATH: [inRoot('node_modules/.bin'), process.env['PATH']].join(delimiter),
});

/** Runs Nx. The link in node_modules/.bin would take the first Node on the PATH, which may be an old one. */
export const runNx = (args, { env, ...options } = {}) =>
  run(nodeForChildren(), [script, ...args], {
    ...options,
    env: withBinOnPath(env),
  });
