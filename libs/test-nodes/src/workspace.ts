import { join } from 'node:path';

/** Root of the checkout. */
export const WORKSPACE = join(__dirname, '../../..');

/** Another build than that of the checkout, for instance a copy that nobody builds anew meanwhile. */
const DIST = process.env['FERRY_E2E_DIST'] ?? join(WORKSPACE, 'dist');

/** The built programs that the tests drive from outside. */
export const NODE_SCRIPT = join(DIST, 'apps/api/main.js');
export const WEB_SERVER_SCRIPT = join(DIST, 'apps/api/web-server.js');
