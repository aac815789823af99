import { spawn } from 'node:child_process';
import { nodeForChildren } from './pinned-node.mjs';
import { inRoot, root } from './root.mjs';

const STOP_DEADLINE_MS = 10_000;

/**
 * One of our programs as a child process. It tells its ports with a `listening` message, stops on a `stop` message, and stops by
 * itself when the channel closes, so it does not outlive us however we end.
 */
export class Program {
  /** @param {{ name: string, script: string, env?: NodeJS.ProcessEnv, stdio?: 'inherit' | 'ignore' }} options `name` as in "The node stopped" */
  constructor({ name, script, env, stdio = 'inherit' }) {
    this.name = name;
    this.hasListened = false;
    this.child = spawn(nodeForChildren(), [inRoot(script)], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', stdio, 'inherit', 'ipc'],
    });
    /** Resolves with `{ code, signal }` when the process is gone. */
    this.exited = new Promise((resolve) => {
      this.child.once('error', () => resolve({ code: 1, signal: null }));
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    /** Resolves with the ports bound, or with undefined when the process ends before. */
    this.listening = new Promise((resolve) => {
      this.child.on('message', (message) => {
        if (message?.type !== 'listening') return;
        this.hasListened = true;
        resolve(message);
      });
      void this.exited.then(() => resolve(undefined));
    });
  }

  get pid() {
    return this.child.pid;
  }

  /** Asks for a clean stop, and kills the process when that takes too long. */
  async stop() {
    if (this.child.connected) this.child.send({ type: 'stop' }, () => undefined); // may be gone by now: `exited` tells
    const timer = setTimeout(() => this.kill(), STOP_DEADLINE_MS);
    const result = await this.exited;
    clearTimeout(timer);
    return result;
  }

  kill() {
    this.child.kill('SIGKILL');
  }
}
