import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, stat } from 'node:fs/promises';
import type { FileScope } from '@ferry/protocol';
import { FileStoreError, asStoreError, systemCode } from '../file-store-error';
import { Directory } from './directory';
import { mayRead, seemsReadable } from './may-read';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Folders of ours inside a root; never listed, never a name from outside. Nothing that begins like them is listed. */
export const OWN_PREFIX = '.ferry-';
export const STAGING_FOLDER = '.ferry-staging';
export const TRASH_FOLDER = '.ferry-trash';

/** The folder that a scope lives in. Relative paths are `/`-separated and resolved without following symlinks. */
export class Root {
  private constructor(
    readonly scope: FileScope,
    private readonly directory: Directory,
  ) {}

  /** Opens the folder, making it if it is missing. */
  static async open(scope: FileScope, path: string): Promise<Root> {
    try {
      await mkdir(path, { recursive: true });
      return new Root(scope, await Directory.open(path));
    } catch (error) {
      throw asStoreError(error, `opening the ${scope} folder`);
    }
  }

  /** Absolute, symlinks resolved. */
  get path(): string {
    return this.directory.path;
  }

  /** Runs `work` on the open folder `path` (`''` = the root) and closes it afterwards. */
  async within<T>(path: string, work: (directory: Directory) => Promise<T>, options?: { create: boolean }): Promise<T> {
    if (path === '') return work(this.directory);
    const isDeep = path.includes('/') && !options?.create;
    const directory = (isDeep && (await this.directory.descend(path))) || (await this.walkTo(path, options));
    try {
      return await work(directory);
    } finally {
      await directory.close();
    }
  }

  /** Opens the folder `path` (`''` = the root); the caller closes it. */
  async enter(path: string): Promise<Directory> {
    return this.within(path, (directory) => directory.reopened());
  }

  /** What lies at `path` itself (a symlink is not followed): `gone` when nothing does, `unknown` when nobody may look. */
  async look(path: string): Promise<Stats | 'gone' | 'unknown'> {
    const { folder, name } = splitPath(path);
    try {
      return await this.within(folder, (directory) => lstat(directory.at(name)));
    } catch (error) {
      return isGone(error) ? 'gone' : 'unknown';
    }
  }

  /** Whether this process may read the file at `path`, which was looked at. */
  async mayRead(path: string, stats: Stats): Promise<boolean> {
    if (seemsReadable(stats)) return true;
    const { folder, name } = splitPath(path);
    return this.within(folder, (directory) => mayRead(directory.at(name), stats)).catch(() => true); // then it is gone
  }

  /** The same for many names in one folder, in their order. */
  async lookAll(folder: string, names: readonly string[]): Promise<(Stats | 'gone' | 'unknown')[]> {
    const failed = (error: unknown) => (isGone(error) ? 'gone' : 'unknown');
    try {
      return await this.within(folder, (directory) =>
        Promise.all(names.map((name) => lstat(directory.at(name)).catch(failed))),
      );
    } catch (error) {
      return names.map(() => failed(error));
    }
  }

  /** What lies at `path` itself (a symlink is not followed), `undefined` when nothing does or nobody may look. */
  async stat(path: string): Promise<Stats | undefined> {
    const { folder, name } = splitPath(path);
    try {
      return await this.within(folder, (directory) => lstat(directory.at(name)));
    } catch (error) {
      if (isGone(error) || systemCode(error) === 'EACCES') return undefined;
      throw asStoreError(error, 'looking at a file');
    }
  }

  /**
   * Opens a regular file for reading. A FIFO or device is never waited for.
   * @throws FileStoreError NOT_FOUND when there is none (a symlink counts as none).
   */
  async openFile(path: string): Promise<{ handle: FileHandle; stats: Stats }> {
    const { folder, name } = splitPath(path);
    let handle: FileHandle | undefined;
    try {
      handle = await this.within(folder, (directory) => open(directory.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
      const stats = await handle.stat();
      if (stats.isFile()) return { handle, stats };
      throw new FileStoreError('NOT_FOUND', 'Not a regular file');
    } catch (error) {
      await handle?.close();
      if (isGone(error)) {
        throw new FileStoreError('NOT_FOUND', 'The file is not there any more', { cause: error });
      }
      throw asStoreError(error, 'opening a file');
    }
  }

  /**
   * Whether the folder that was opened still is where it was: `replaced` by another one on the same disk (somebody renamed it),
   * or `gone`, also when something of another disk is there now (its own is not mounted any more).
   */
  async place(): Promise<'there' | 'replaced' | 'gone'> {
    const own = await this.directory.stat();
    if (!own) return 'there';
    try {
      const now = await stat(this.path);
      if (now.dev !== own.dev || !now.isDirectory()) return 'gone';
      return now.ino === own.ino ? 'there' : 'replaced';
    } catch {
      return 'gone'; // whatever the reason, it cannot be reached
    }
  }

  /** Number of the file system that the opened folder is on; nothing where that cannot be told. */
  async device(): Promise<number | undefined> {
    return (await this.directory.stat())?.dev;
  }

  /** Opens a folder of ours directly in the root, making it if it is missing; the caller closes it. */
  async openOwnFolder(name: string): Promise<Directory> {
    return this.directory.child(name, { create: true });
  }

  async close(): Promise<void> {
    await this.directory.close();
  }

  /** Folder by folder, each from the one above it. */
  private async walkTo(path: string, options?: { create: boolean }): Promise<Directory> {
    let directory = this.directory;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const parent = directory;
      try {
        directory = await parent.child(name, options);
      } finally {
        if (parent !== this.directory) await parent.close();
      }
    }
    return directory;
  }
}

/** Splits `a/b/c` into the folder `a/b` and the name `c`. */
export function splitPath(path: string): { folder: string; name: string } {
  const cut = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(cut, 0)), name: path.slice(cut + 1) };
}

/** `a/b/c`, `a/b` and `a` for `a/b/c`; nothing for the root. */
export function foldersAbove(folder: string): string[] {
  const folders: string[] = [];
  for (let path = folder; path !== ''; path = splitPath(path).folder) folders.push(path);
  return folders;
}

function isGone(error: unknown): boolean {
  if (error instanceof FileStoreError) {
    return error.code === 'NOT_FOUND' || error.code === 'UNSAFE_NAME';
  }
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENAMETOOLONG'].includes(systemCode(error) ?? '');
}
