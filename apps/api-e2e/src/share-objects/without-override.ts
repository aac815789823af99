import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';
const OVERRIDES = '-dac_override,-dac_read_search';

/** For tests that run as root: starts a node for which file modes count. Nothing for other users, for whom they do anyway. */
export function withoutOverride(): readonly string[] {
  if (process.getuid?.() !== 0 || !existsSync(SETPRIV)) return [];
  return [SETPRIV, `--bounding-set=${OVERRIDES}`, `--inh-caps=${OVERRIDES}`];
}
