import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NodeApi } from './node-api.mjs';
import { Program } from './program.mjs';
import { waitUntilOk } from './ready.mjs';

/** The folders of a node that lives in `dir` alone. */
export function foldersIn(dir) {
  const folders = { shared: join(dir, 'shared'), received: join(dir, 'received'), data: join(dir, 'data') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return folders;
}

/**
 * Starts a node that only this machine can reach and that finds nobody by itself, and waits until it is ready.
 * @param {{ name: string, folders: object, httpPort?: number, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ api: NodeApi, pid: number, ports: object, stop: () => Promise<void> } | undefined>} undefined when everything is being stopped
 */
export async function startLoopbackNode(supervisor, { name, folders, httpPort = 0, env }) {
  const program = new Program({
    name: `The node "${name}"`,
    script: 'dist/apps/api/main.js',
    stdio: 'ignore',
    env: {
      FERRY_HTTP_HOST: '127.0.0.1',
      FERRY_HTTP_PORT: String(httpPort),
      FERRY_WEB_PORT: '0',
      FERRY_PEER_HOST: '127.0.0.1',
      FERRY_PEER_PORT: '0',
      FERRY_SHARED_DIR: folders.shared,
      FERRY_RECEIVED_DIR: folders.received,
      FERRY_DATA_DIR: folders.data,
      FERRY_DEVICE_NAME: name,
      FERRY_DISCOVERY: 'off',
      FERRY_ALLOWED_HOSTS: '',
      FERRY_WEB_ORIGINS: '',
      FERRY_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const ports = await supervisor.add(program);
  if (!ports) return undefined;
  const api = new NodeApi(`http://127.0.0.1:${ports.http}`);
  if (!(await waitUntilOk(`${api.url}/health/ready`, () => supervisor.isStopping))) return undefined;
  return { api, pid: program.pid, ports, stop: () => supervisor.remove(program) };
}
