import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { pathToFileURL } from 'node:url';
import { announce } from './announce.mjs';
import { freePort } from './ports.mjs';
import { waitUntilOk } from './ready.mjs';
import { inRoot, root } from './root.mjs';
import { loadDotEnv, localHost } from './settings.mjs';

/** Where the programs tell their ports when they run in this process. */
const LISTENING = 'ferry:listening';

/**
 * Loads a program into this process. What it says itself counts, and not whether its port answers: that may be another Ferry.
 * @param {AbortSignal} stopped
 * @returns {Promise<object | undefined>} the ports it has bound; undefined after a stop. A program that cannot start says why
 * and ends the process
 */
async function run(bundle, stopped) {
  const { promise, resolve } = Promise.withResolvers();
  stopped.addEventListener('abort', () => resolve(undefined), { once: true });
  subscribe(LISTENING, resolve);
  await import(pathToFileURL(inRoot('dist/apps/api', bundle)).href);
  const ports = await promise;
  unsubscribe(LISTENING, resolve);
  return stopped.aborted ? undefined : ports;
}

/** Aborts at the first signal; the programs bring their own stop. */
function onSignal() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
  return controller.signal;
}

/** Runs node and web server in this process. */
export async function start() {
  process.chdir(root);
  loadDotEnv();
  const stopped = onSignal();
  // The node must know the web server's origin before that one starts, so "any port" is settled here.
  if (process.env['FERRY_WEB_PORT'] === '0') process.env['FERRY_WEB_PORT'] = String(await freePort());
  const node = await run('main.js', stopped);
  if (!node) return;
  const url = `http://${localHost()}:${node.http}`;
  const isReady = await waitUntilOk(`${url}/health/ready`, () => stopped.aborted);
  if (stopped.aborted) return;
  if (!isReady) console.log('The node is still reading the shared folder.');
  process.env['FERRY_HTTP_PORT'] = String(node.http);
  const web = await run('web-server.js', stopped);
  if (web) announce({ api: { ...node, url }, web: { url: `http://${localHost()}:${web.web}` } });
}
