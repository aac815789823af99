import { execFile } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const MEBIBYTE = 1_048_576;

/** Writes `size` random bytes to `path`; folders are made. */
export async function writeRandomFile(path: string, size: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  try {
    const buffer = Buffer.allocUnsafe(4 * MEBIBYTE);
    for (let left = size; left > 0; left -= buffer.length) {
      await file.write(randomFillSync(buffer), 0, Math.min(left, buffer.length));
    }
  } finally {
    await file.close();
  }
}

/** SHA-256 in hex by the system's own tool, so that no code of ours judges our code. */
export async function sha256sum(path: string): Promise<string> {
  const [tool, args] = process.platform === 'darwin' ? ['shasum', ['-a', '256', path]] : ['sha256sum', [path]];
  const { stdout } = await run(tool as string, args as string[]);
  return stdout.replace(/^\\/, '').slice(0, 64);
}

/** Every file below `folder`, hidden ones too, as sorted relative paths; folders end with `/`. */
export async function listTree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1) + (entry.isDirectory() ? '/' : ''))
    .sort();
}

/** The files below `folder` that a user sees: what is in folders or files with a leading dot is left out. */
export async function listVisible(folder: string): Promise<string[]> {
  const all = await listTree(folder);
  return all.filter((path) => !path.endsWith('/') && !path.split('/').some((part) => part.startsWith('.')));
}
