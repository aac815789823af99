import { once } from 'node:events';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** @returns {Promise<number | undefined>} the port when it could be bound on loopback (0 picks one), else undefined */
async function tryPort(port) {
  const server = createServer();
  try {
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
  } catch (error) {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return undefined;
    throw error;
  }
  const bound = server.address().port;
  server.close();
  await once(server, 'close');
  return bound;
}

/** A port that was free a moment ago: `preferred` if it can be had. */
export const freePort = async (preferred = 0) => (await tryPort(preferred)) ?? (await tryPort(0));
