import { pathToFileURL } from 'node:url';
import { announce } from './announce.mjs';
import { NodeApi } from './node-api.mjs';
import { freePort } from './ports.mjs';
import { waitUntilOk } from './ready.mjs';
import { inRoot, root } from './root.mjs';
import { loadDotEnv, localHost } from './settings.mjs';

const load = (bundle) => import(pathToFileURL(inRoot('dist/apps/api', bundle)).href);

/** Both halves must know both ports, so "any port" is settled before they start. */
async function settlePort(setting, usual) {
  process.env[setting] ||= String(usual);
  if (process.env[setting] === '0') process.env[setting] = String(await freePort());
  return process.env[setting];
}

/** Runs node and web server in this process. Each brings its own stop on signals, and ends the process when it cannot start. */
export async function start() {
  process.chdir(root);
  loadDotEnv();
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (isStopping = true));
  const httpPort = await settlePort('FERRY_HTTP_PORT', 5000);
  const webPort = await settlePort('FERRY_WEB_PORT', 3000);
  const api = `http://${localHost()}:${httpPort}`;
  const web = `http://${localHost()}:${webPort}`;
  await load('main.js');
  await waitUntilOk(`${api}/health/ready`, () => isStopping);
  if (isStopping) return;
  await load('web-server.js');
  await waitUntilOk(web, () => isStopping);
  if (isStopping) return;
  const { ports } = await new NodeApi(api).get('/status');
  announce({ api: { url: api, peer: ports.peer }, web: { url: web } });
}
