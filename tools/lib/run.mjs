import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './root.mjs';

const GRACE_MS = 5_000;

function stopHanging(child, limitMs) {
  console.error(`Stopped: it did not end within ${Math.round(limitMs / 60_000)} minutes.`);
  child.kill();
  setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
}

/**
 * Runs a program in the checkout, on our terminal.
 * @param {{ stdio?: 'inherit' | 'ignore', env?: NodeJS.ProcessEnv, onStart?: (pid: number) => void, shell?: boolean, limitMs?: number }} [options] `limitMs`: it is
 * stopped after this time, for programs that may hang
 * @returns {Promise<number>} its exit code; 128 and more when a signal ended it
 */
export async function run(command, args, { stdio = 'inherit', env, onStart, shell, limitMs } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio,
    env: { ...process.env, ...env },
    shell: shell ?? false,
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  const timer = limitMs && setTimeout(() => stopHanging(child, limitMs), limitMs);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  return signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : code;
}
