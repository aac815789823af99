import { join } from 'node:path';
import { foldersIn, startLoopbackNode } from '../lib/loopback-node.mjs';
import { freePort } from '../lib/ports.mjs';
import { frame, greet } from './raw-device.mjs';
import { ResidentMemory } from './resident-memory.mjs';

const EVENT = 8;
const IDLE_SESSIONS = 1_000;
const HALF_FINISHED_SESSIONS = 256;
const FRAMES = 10;
const MAX_CONTROL_BYTES = 65_536;
/** Connections before their hello that one address may have. */
const AT_ONCE = 8;

/** Ten of the largest control frames, the last one without its last byte. They are events, which a stranger's session ignores. */
function unfinishedFrames() {
  const start = '{"pattern":"bench.x","data":"';
  const payload = Buffer.from(`${start}${'x'.repeat(MAX_CONTROL_BYTES - start.length - 2)}"}`);
  return Buffer.concat(Array.from({ length: FRAMES }, () => frame(EVENT, 0, payload))).subarray(0, -1);
}

/** Unpaired devices of one address may have 32 sessions. */
const addressOf = (index) => `127.0.1.${1 + Math.floor(index / 32)}`;

async function openSessions(port, count) {
  const sockets = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () =>
      greet(port, addressOf(sockets.length)),
    );
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

/**
 * What sessions with strangers cost a node that does nothing else: by how much its resident memory grows.
 * @returns {Promise<{ what: string, bytes: number }[] | undefined>} undefined where memory cannot be measured
 */
export async function sessionMemory(supervisor, dir) {
  if (process.platform !== 'linux') return undefined;
  const inspectPort = await freePort();
  const env = { NODE_OPTIONS: `--inspect=127.0.0.1:${inspectPort}` };
  const node = await startLoopbackNode(supervisor, { name: 'memory', folders: foldersIn(join(dir, 'memory')), env });
  if (!node) return undefined;
  const memory = await ResidentMemory.of(node.pid, inspectPort);
  const { peer } = node.ports;
  const closeAll = (sockets) => sockets.forEach((socket) => socket.destroy());

  closeAll(await openSessions(peer, 50)); // what is loaded with the first session is no cost of the others
  const empty = await memory.bytes();
  const idle = await openSessions(peer, IDLE_SESSIONS);
  const withIdle = await memory.bytes();
  closeAll(idle);
  const afterIdle = await memory.bytes();
  const busy = await openSessions(peer, HALF_FINISHED_SESSIONS);
  const flood = unfinishedFrames();
  await Promise.all(busy.map((socket) => new Promise((resolve) => socket.write(flood, resolve))));
  const withFrames = await memory.bytes();
  const alive = busy.filter((socket) => !socket.destroyed).length;
  closeAll(busy);
  const afterFrames = await memory.bytes();
  memory.close();
  return [
    { what: `${idle.length} idle sessions`, bytes: withIdle - empty },
    { what: 'when they are closed', bytes: afterIdle - empty },
    { what: `${FRAMES} frames of 64 KiB on ${alive} sessions, the last unfinished`, bytes: withFrames - afterIdle },
    { what: 'when they are closed', bytes: afterFrames - afterIdle },
  ];
}
