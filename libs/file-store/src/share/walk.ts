import { lstat, readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import type { Directory } from '../disk/directory';
import { type FileIdentity, identityOf } from '../disk/file-identity';
import { type Root, splitPath } from '../disk/root';
import { systemCode } from '../file-store-error';
import { MAX_PATH_COMPONENTS, SCAN_BATCH } from '../limits';

/** A regular file found by a walk. */
export interface WalkedFile {
  readonly path: string;
  readonly identity: FileIdentity;
}

/** Told of everything that is left out on purpose; `path` is relative to the root. */
export type SkipListener = (path: string, reason: string) => void;

/** What a walk lists: some files of one folder. The folder is told even if it holds none. */
export interface WalkedBatch {
  readonly folder: string;
  readonly files: readonly WalkedFile[];
}

export interface WalkOptions {
  /** Whether a folder (absolute path) belongs to another root. */
  readonly isForeign: (absolutePath: string) => boolean;
  readonly onSkip: SkipListener;
}

const REPLACEMENT_CHARACTER = '\uFFFD';

/**
 * Lists the regular files in `folder` of the root and below, in batches, without following a symlink
 * and without opening anything but folders. Files and folders whose name begins with a dot are hidden.
 * A folder is given out before its files are read, so that who watches it misses nothing.
 */
export async function* walk(root: Root, folder: string, options: WalkOptions): AsyncGenerator<WalkedBatch> {
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    yield { folder: next, files: [] };
    const names = await list(root, next, options);
    for (let at = 0; at < names.length; at += SCAN_BATCH) {
      const part = names.slice(at, at + SCAN_BATCH);
      const { files, below } = await look(root, next, part, options);
      folders.push(...below);
      if (files.length > 0) yield { folder: next, files };
    }
  }
}

/** Why a path is never listed, whatever lies there; `undefined` when it may be. */
export function hiddenReason(path: string): string | undefined {
  const parts = path.split('/');
  if (parts.some((part) => part.startsWith('.'))) return 'hidden';
  if (parts.length > MAX_PATH_COMPONENTS) return `deeper than ${MAX_PATH_COMPONENTS} folders`;
  if (path.includes(REPLACEMENT_CHARACTER)) return 'the name is not valid UTF-8';
  return undefined;
}

/** Why something that is no regular file is not listed. */
export function kindReason(found: { isSymbolicLink(): boolean }): string {
  return found.isSymbolicLink() ? 'symbolic link' : 'not a regular file';
}

async function list(root: Root, folder: string, { onSkip }: WalkOptions): Promise<Dirent[]> {
  try {
    return await root.within(folder, ({ base }) => readdir(base, { withFileTypes: true }));
  } catch (error) {
    onSkip(folder, `the folder cannot be read: ${systemCode(error) ?? 'gone'}`);
    return [];
  }
}

async function look(root: Root, folder: string, entries: readonly Dirent[], options: WalkOptions) {
  const files: WalkedFile[] = [];
  const below: string[] = [];
  await root
    .within(folder, async (directory) => {
      const visit = async ({ name }: Dirent) => {
        const path = folder === '' ? name : `${folder}/${name}`;
        const kind = await kindOf(directory, name, path, options);
        if (kind === 'folder') below.push(path);
        else if (kind) files.push({ path, identity: kind });
      };
      await Promise.all(entries.map(visit));
    })
    .catch((error: unknown) => {
      options.onSkip(folder, `the folder went away: ${systemCode(error) ?? 'gone'}`);
    });
  return { files, below };
}

async function kindOf(
  directory: Directory,
  name: string,
  path: string,
  { isForeign, onSkip }: WalkOptions,
): Promise<FileIdentity | 'folder' | undefined> {
  const hidden = hiddenReason(path);
  if (hidden !== undefined) {
    if (hidden !== 'hidden') onSkip(path, hidden);
    return undefined;
  }
  try {
    const stats = await lstat(directory.at(name));
    if (stats.isFile()) return identityOf(stats);
    if (!stats.isDirectory()) onSkip(path, kindReason(stats));
    else if (!isForeign(`${directory.path}/${splitPath(path).name}`)) return 'folder';
  } catch (error) {
    onSkip(path, systemCode(error) ?? 'gone');
  }
  return undefined;
}
