import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './root.mjs';

/**
 * Runs a program in the checkout, on our terminal.
 * @param {{ env?: NodeJS.ProcessEnv, onStart?: (pid: number) => void, shell?: boolean }} [options]
 * @returns {Promise<number>} its exit code; 128 and more when a signal ended it
 */
export async function run(command, args, { env, onStart, shell } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: shell ?? false,
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  const [code, signal] = await once(child, 'close');
  return signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : code;
}
