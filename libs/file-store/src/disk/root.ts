import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open } from 'node:fs/promises';
import type { FileScope } from '@ferry/protocol';
import { FileStoreError, asStoreError, systemCode } from '../file-store-error';
import { Directory } from './directory';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Folders of ours inside a root; never listed, never a name from outside. */
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
    let directory = this.directory;
    try {
      for (const name of path.split('/').filter((part) => part !== '')) {
        const parent = directory;
        directory = await parent.child(name, options);
        if (parent !== this.directory) await parent.close();
      }
      return await work(directory);
    } finally {
      if (directory !== this.directory) await directory.close();
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

  /** Opens a folder of ours directly in the root, making it if it is missing; the caller closes it. */
  async openOwnFolder(name: string): Promise<Directory> {
    return this.directory.child(name, { create: true });
  }

  async close(): Promise<void> {
    await this.directory.close();
  }
}

/** Splits `a/b/c` into the folder `a/b` and the name `c`. */
export function splitPath(path: string): { folder: string; name: string } {
  const cut = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(cut, 0)), name: path.slice(cut + 1) };
}

function isGone(error: unknown): boolean {
  if (error instanceof FileStoreError) {
    return error.code === 'NOT_FOUND' || error.code === 'UNSAFE_NAME';
  }
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENAMETOOLONG'].includes(systemCode(error) ?? '');
}
