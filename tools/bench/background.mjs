import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const TRIES = 50;
const PAUSE_MS = 100;

/** @returns {string | undefined} where a program lies; servers are often outside of a user's PATH */
export function findProgram(name) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false; // not there, or not for us
      }
    });
}

const canConnect = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/**
 * Starts a server and waits until it takes connections.
 * @returns {Promise<() => void>} stops it
 */
export async function startServer(program, args, port) {
  let output = '';
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.on('data', (text) => (output += text));
  for (let i = 0; i < TRIES && child.exitCode === null; i++) {
    if (await canConnect(port)) return () => child.kill();
    await delay(PAUSE_MS);
  }
  child.kill();
  throw new Error(`${program} did not start: ${output.trim()}`);
}
