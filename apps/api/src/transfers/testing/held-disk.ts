import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LONGEST_MS = 15_000;

/**
 * Holds all asynchronous file operations of this process, as a disk does that does not answer; sockets and timers go on.
 * A pipe without a writer keeps whoever opens it, so one for each thread of the pool is enough. Not on Windows.
 * @returns ends it.
 */
export function holdDisk(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-held-'));
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const pipes = Array.from({ length: threads }, (_, index) => join(folder, String(index)));
  execFileSync('mkfifo', pipes);
  const opening = pipes.map((pipe) => open(pipe, 'r'));
  let released: Promise<void> | undefined;
  const release = (): Promise<void> => (released ??= letGo(folder, pipes, opening));
  const limit = setTimeout(() => void release(), LONGEST_MS); // a test that fails must not keep the process for ever
  return () => {
    clearTimeout(limit);
    return release();
  };
}

async function letGo(folder: string, pipes: readonly string[], opening: Promise<FileHandle>[]): Promise<void> {
  const writers = pipes.map((pipe) => openSync(pipe, 'r+'));
  for (const handle of await Promise.all(opening)) await handle.close();
  writers.forEach(closeSync);
  rmSync(folder, { recursive: true });
}
