import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const LIMIT_MS = 60_000;

/** Runs a program of the system to its end. @returns what it printed. @throws Error with its words when it fails. */
export async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(program, args, { timeout: LIMIT_MS });
  return stdout;
}

/** Whether the system has a program of that name. */
export function has(program: string): Promise<boolean> {
  return run('sh', '-c', `command -v ${program}`).then(
    () => true,
    () => false,
  );
}
