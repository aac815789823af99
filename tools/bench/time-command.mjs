import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @returns {Promise<number>} seconds until the command has ended well */
export async function timeCommand(program, args) {
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}`);
  return (performance.now() - startedAt) / 1000;
}
