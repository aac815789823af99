import { lstat, readdir } from 'node:fs/promises';
import { areOfDataFolder, isDataFolder } from '../disk/data-folder';
import type { Directory } from '../disk/directory';
import { type FileIdentity, identityOf } from '../disk/file-identity';
import { type FolderIdentity, folderIdentityOf } from '../disk/folder-identity';
import { mayRead } from '../disk/may-read';
import type { Root } from '../disk/root';
import { systemCode } from '../file-store-error';
import { SCAN_BATCH } from '../limits';
import { NOT_UTF8, REPLACEMENT_CHARACTER, UNREADABLE, isOurs, joinPath, kindReason, skipReason } from './listable';

/** A regular file found by a walk. */
export interface WalkedFile {
  readonly path: string;
  readonly identity: FileIdentity;
}

/** A folder found by a walk. */
export interface WalkedFolder {
  readonly path: string;
  readonly identity: FolderIdentity;
}

/** Told of everything that is left out on purpose; `path` is relative to the root. */
export type SkipListener = (path: string, reason: string) => void;

/** Some of what lies directly in one folder. The folder is told even if it is empty. */
export interface WalkedBatch {
  readonly folder: string;
  readonly files: readonly WalkedFile[];
  readonly folders: readonly WalkedFolder[];
}

export interface WalkOptions {
  /** Whether a folder (absolute path) is not part of the scope. */
  readonly isForeign: (absolutePath: string) => boolean;
  readonly onSkip: SkipListener;
  /** Told of each folder of which not everything could be looked at. */
  readonly onUnread: (path: string) => void;
  /** Told of each data folder of a node, of which nothing is given out; without it, they are folders like any other. */
  readonly onDataFolder?: (path: string) => void;
}

interface Frame {
  readonly path: string;
  readonly directory: Directory;
  /** Names of the folders in it that are still to be walked. */
  readonly below: string[];
}

/**
 * Lists the files and folders in `folder` of the root and below, in batches, without following a symlink and without opening
 * anything but folders. A folder is given out before it is read, so that who watches it misses nothing. The folders on the way
 * to where the walk is stay open: each is opened once, from the one above it.
 */
export async function* walk(root: Root, folder: string, options: WalkOptions): AsyncGenerator<WalkedBatch> {
  const way: Frame[] = [];
  try {
    const first = await tryEnter(folder, () => root.enter(folder), options);
    if (first) way.push(first);
    for (let frame = first; frame !== undefined; frame = await advance(way, options)) {
      yield { folder: frame.path, files: [], folders: [] };
      yield* read(frame, options);
    }
  } finally {
    await Promise.all(way.map(({ directory }) => directory.close()));
  }
}

/** Opens the next folder; leaves those that are done. */
async function advance(way: Frame[], options: WalkOptions): Promise<Frame | undefined> {
  for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
    const name = top.below.pop();
    if (name === undefined) {
      way.pop();
      await top.directory.close();
      continue;
    }
    const { directory, path } = top;
    const frame = await tryEnter(joinPath(path, name), () => directory.child(name), options);
    if (!frame) continue;
    way.push(frame);
    return frame;
  }
  return undefined;
}

async function tryEnter(
  path: string,
  enter: () => Promise<Directory>,
  { onSkip, onUnread }: WalkOptions,
): Promise<Frame | undefined> {
  try {
    return { path, directory: await enter(), below: [] };
  } catch (error) {
    onSkip(path, `the folder cannot be opened: ${systemCode(error) ?? 'gone'}`);
    onUnread(path);
    return undefined;
  }
}

async function* read(frame: Frame, options: WalkOptions): AsyncGenerator<WalkedBatch> {
  const names = await list(frame, options);
  if (options.onDataFolder && areOfDataFolder(names)) return options.onDataFolder(frame.path); // it was not one a moment ago
  for (let at = 0; at < names.length; at += SCAN_BATCH) {
    const batch = { folder: frame.path, files: [] as WalkedFile[], folders: [] as WalkedFolder[] };
    await Promise.all(names.slice(at, at + SCAN_BATCH).map((name) => look(frame, name, options, batch)));
    yield batch;
  }
}

async function list({ path, directory }: Frame, { onSkip, onUnread }: WalkOptions): Promise<string[]> {
  try {
    const names = await readdir(directory.base);
    const isDoubtful = names.some((name) => name.includes(REPLACEMENT_CHARACTER));
    const known = isDoubtful ? await namesInUtf8(directory) : undefined;
    for (const name of names) if (known && !known.has(name)) onSkip(joinPath(path, name), NOT_UTF8);
    return (known ? [...known] : names).sort(); // neighbours in the list are written together
  } catch (error) {
    onSkip(path, `the folder cannot be read: ${systemCode(error) ?? 'gone'}`);
    onUnread(path);
    return [];
  }
}

async function namesInUtf8(directory: Directory): Promise<Set<string>> {
  const found = await readdir(directory.base, { encoding: 'buffer' });
  return new Set(found.filter((bytes) => Buffer.from(bytes.toString()).equals(bytes)).map((bytes) => bytes.toString()));
}

async function look(
  { path: folder, directory, below }: Frame,
  name: string,
  { isForeign, onSkip, onUnread, onDataFolder }: WalkOptions,
  batch: { readonly files: WalkedFile[]; readonly folders: WalkedFolder[] },
): Promise<void> {
  const path = joinPath(folder, name);
  if (isOurs(name)) return;
  const reason = skipReason(path);
  if (reason !== undefined) return onSkip(path, reason);
  try {
    const stats = await lstat(directory.at(name));
    const kind = kindReason(stats);
    if (kind !== undefined) return onSkip(path, kind);
    if (stats.isFile()) {
      if (await mayRead(directory.at(name), stats)) batch.files.push({ path, identity: identityOf(stats) });
      else {
        onUnread(path);
        onSkip(path, UNREADABLE);
      }
    } else if (isForeign(`${directory.path}/${name}`)) onUnread(path);
    else if (onDataFolder && (await isDataFolder(directory.at(name)))) onDataFolder(path);
    else {
      batch.folders.push({ path, identity: folderIdentityOf(stats) });
      below.push(name);
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return; // deleted while we looked
    onSkip(path, `cannot be looked at: ${code ?? 'error'}`);
    onUnread(path);
  }
}
