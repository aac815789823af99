import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the node is expected to make of an object: list it, or leave it out for a reason. */
export type Expectation = { readonly listed: string; readonly size?: number } | { readonly skipped: RegExp };

/** Where an object is put. */
export interface ObjectGround {
  /** Absolute path of a folder of its own in the share. */
  readonly folder: string;
  /** Absolute path of a folder outside the share that holds `secret.txt` (mode 0600). */
  readonly outside: string;
  /** Undoes something at the end, before the folders are removed. */
  defer(undo: () => Promise<unknown>): void;
}

/** Something that somebody put into the share. */
export interface HostileObject {
  readonly id: string;
  readonly title: string;
  /** Makes the object, called `object` where it has one name. @throws Error when this system cannot make it. */
  make(ground: ObjectGround): Promise<void>;
  /** Paths are relative to its folder. */
  readonly expected: readonly Expectation[];
}

/** Runs a program of the system. @throws Error when it fails. */
export async function system(command: string, ...args: string[]): Promise<void> {
  await run(command, args, { timeout: 20_000 });
}

/** Mounts something at `target` until the end. @throws Error where that is not allowed. */
export async function mountAt(ground: ObjectGround, target: string, ...args: string[]): Promise<void> {
  await system('mount', ...args, target);
  ground.defer(() => system('umount', '--lazy', target));
}

/** A UNIX socket that somebody listens on. */
export async function listenOn(ground: ObjectGround, path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  ground.defer(() => new Promise((resolve) => server.close(resolve)));
}

/** Folders below each other, the last with a file; `depth` of them. @returns the path of the deepest file. */
export async function deepFile(folder: string, depth: number): Promise<string> {
  const path = Array.from({ length: depth }, () => 'd').join('/');
  await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, path, 'deep.txt'), 'deep');
  return `${path}/deep.txt`;
}
