import { type Stats, constants, existsSync } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStoreError, systemCode } from '../file-store-error';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
/** With it a path is resolved from an open folder, so no parent can be swapped for a symlink meanwhile (openat). */
const hasProcFd = process.platform === 'linux' && existsSync('/proc/self/fd');
/** Longer ones are refused by the system. */
const MAX_SYSTEM_PATH_BYTES = 4_000;
const canOpenDirectories = process.platform !== 'win32';

/** An open folder. Names are resolved relative to the folder that was opened, not to its path. */
export class Directory {
  private constructor(
    /** Where the folder was found; for messages to the system, not for resolving names. */
    readonly path: string,
    private readonly handle: FileHandle | undefined,
  ) {}

  /** Opens the folder that `path` leads to; symlinks in it are followed (the user named this path). */
  static async open(path: string): Promise<Directory> {
    const real = await realpath(path);
    return new Directory(real, await openHandle(real));
  }

  /** What to give to a file system call that lists or names this folder. */
  get base(): string {
    return this.handle && hasProcFd ? `/proc/self/fd/${this.handle.fd}` : this.path;
  }

  /** What to give to a file system call for `name`, one path component, in this folder. */
  at(name: string): string {
    return join(this.base, name);
  }

  /**
   * Opens the sub-folder `name`, never through a symlink; with `create` makes it durably if it is missing.
   * @throws FileStoreError NOT_FOUND when missing, UNSAFE_NAME when a file or symlink has that name.
   */
  async child(name: string, { create = false } = {}): Promise<Directory> {
    const path = join(this.path, name);
    try {
      if (create) await this.make(name);
      if (!hasProcFd && !(await lstat(path)).isDirectory()) throw notADirectory(name);
      return new Directory(path, await openHandle(this.at(name)));
    } catch (error) {
      switch (systemCode(error)) {
        case 'ENOENT':
          throw new FileStoreError('NOT_FOUND', `No folder ${name}`, { cause: error });
        case 'ENOTDIR':
        case 'ELOOP':
          throw notADirectory(name, error);
        default:
          throw error;
      }
    }
  }

  /**
   * Opens the folder that lies at `path` (several components) below this one, in one step however deep it is: the system says
   * afterwards where the opened folder really is, so what was reached through a symlink is found out.
   * @returns nothing when that cannot be told, or it is somewhere else; `child` by `child` says why.
   */
  async descend(path: string): Promise<Directory | undefined> {
    const target = `${this.base}/${path}`;
    if (!hasProcFd || Buffer.byteLength(target) > MAX_SYSTEM_PATH_BYTES) return undefined;
    const handle = await openHandle(target).catch(() => undefined);
    if (!handle) return undefined;
    try {
      const [here, there] = await Promise.all([readlink(this.base), readlink(`/proc/self/fd/${handle.fd}`)]);
      if (there === join(here, path)) return new Directory(join(this.path, path), handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return undefined;
  }

  /** The same folder, opened once more; the caller closes it. */
  async reopened(): Promise<Directory> {
    return new Directory(this.path, await openHandle(`${this.base}/.`));
  }

  /** Of the folder that was opened; nothing where the system does not open folders. */
  async stat(): Promise<Stats | undefined> {
    return this.handle?.stat();
  }

  /** Names created or removed in this folder survive a power cut once this resolves. */
  async sync(): Promise<void> {
    await this.handle?.sync();
  }

  /** Closes the folder; later calls do nothing. */
  async close(): Promise<void> {
    await this.handle?.close();
  }

  private async make(name: string): Promise<void> {
    try {
      await mkdir(this.at(name), 0o755);
      await this.sync();
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function openHandle(path: string): Promise<FileHandle | undefined> {
  return canOpenDirectories ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) : undefined;
}

function notADirectory(name: string, cause?: unknown): FileStoreError {
  return new FileStoreError('UNSAFE_NAME', `${name} is not a folder`, { cause });
}
