import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { listTree } from '@ferry/test-nodes';

/** What a node may change at any time: its database, unfinished files. */
const OWN_STATE = /^data\/ferry\.sqlite|^received\/\.ferry-staging\b/;

/** Every file and folder of a node with mode and content hash, without its database and staging. */
export async function treePrint(root: string): Promise<Map<string, string>> {
  const paths = (await listTree(root)).filter((path) => !OWN_STATE.test(path));
  const prints = await Promise.all(paths.map(async (path) => [path, await printOf(join(root, path))] as const));
  return new Map(prints);
}

/** Paths created, changed or removed between two prints. */
export function treeChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}

async function printOf(path: string): Promise<string> {
  const stats = await lstat(path);
  const mode = stats.mode.toString(8);
  if (stats.isSymbolicLink()) return `${mode} ${await readlink(path)}`;
  if (!stats.isFile()) return mode;
  return `${mode} ${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')}`;
}
