import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { listTree, type NodeFolders } from '@ferry/test-nodes';

/** What a node may change at any time: its database, the copy of it, unfinished files. */
const OWN_STATE = /^data\/backup\/$|^data\/(backup\/)?ferry\.sqlite|^received\/\.ferry-staging\b/;

/**
 * Every file and folder of a node and around it with mode and content hash, without its database, the copy of it and staging. Paths are
 * relative to the node's root: what lies outside begins with `../`.
 */
export async function treePrint({ outer, root }: NodeFolders): Promise<Map<string, string>> {
  const paths = (await listTree(outer))
    .map((path) => [relative(root, join(outer, path)) + (path.endsWith('/') ? '/' : ''), join(outer, path)] as const)
    .filter(([path]) => !OWN_STATE.test(path));
  return new Map(await Promise.all(paths.map(async ([path, full]) => [path, await printOf(full)] as const)));
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
