import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems lend to outgoing connections: a killed node finds its own port free again. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const taken = new Set<number>();

/** A TCP port that is free on every address in `hosts` and was not given out before by this process. */
export async function freePort(hosts: readonly string[] = ['127.0.0.1']): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (taken.has(port) || !(await isFree(port, hosts))) continue;
    taken.add(port);
    return port;
  }
}

/**
 * A loopback address beside 127.0.0.1. A node that listens only there can be reached by nobody who learned just its
 * port, so a proxy on 127.0.0.1 at the same port sees every byte.
 */
export async function secondLoopback(): Promise<string> {
  for (const host of ['127.0.0.2', '::1']) if (await canBind(0, host)) return host;
  throw new Error('this machine has no second loopback address (127.0.0.2 or ::1)');
}

async function isFree(port: number, hosts: readonly string[]): Promise<boolean> {
  for (const host of hosts) if (!(await canBind(port, host))) return false;
  return true;
}

async function canBind(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, host), 'listening');
  } catch {
    return false; // whatever the reason: not usable
  }
  server.close();
  await once(server, 'close');
  return true;
}
