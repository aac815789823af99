import { join } from 'node:path';

/** Root of the checkout. */
export const WORKSPACE = join(__dirname, '../../..');

/** The built programs that the tests drive from outside. */
export const NODE_SCRIPT = join(WORKSPACE, 'dist/apps/api/main.js');
export const WEB_SERVER_SCRIPT = join(WORKSPACE, 'dist/apps/api/web-server.js');
