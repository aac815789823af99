import { constants, existsSync } from 'node:fs';
import { type FileHandle, copyFile } from 'node:fs/promises';
import type { FileScope } from '@ferry/protocol';
import { identityOf, isSameFile } from '../disk/file-identity';
import { type Root, STAGING_FOLDER, TRASH_FOLDER } from '../disk/root';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError } from '../file-store-error';
import type { BlockIndex, SourceFile } from './block-index';

/** A file that blocks are copied from, pinned: the caller closes it. */
export interface OpenSource {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
}

export interface SourceFilesOptions {
  readonly rootOf: (scope: FileScope) => Root;
  /** Called when a file is not what the list says. */
  readonly onStale: (row: EntryRow) => void;
}

/** Opens the files of the block index: never through a symlink, and only if they are still what was indexed. */
export class SourceFiles {
  constructor(
    private readonly index: BlockIndex,
    private readonly options: SourceFilesOptions,
  ) {}

  /** Nothing when the source is gone, cannot be read, or is another file now; its folder is looked at again then. */
  async open(source: number): Promise<OpenSource | undefined> {
    const file = this.index.file(source);
    return file && this.openFile(file);
  }

  /**
   * Makes `path` a clone of this entry's file, which shares its space, where the file system can do that. It is a copy of
   * what lies on the disk now: verify it.
   * @returns whether there is a file at `path` now.
   */
  async clone(row: EntryRow, path: string): Promise<boolean> {
    if (!canPinSources) return false;
    const opened = await this.openFile({ kind: 'entry', row });
    if (!opened) return false;
    try {
      await copyFile(`/proc/self/fd/${opened.handle.fd}`, path, CLONE);
      return true;
    } catch {
      return false; // another file system, or one that cannot: blocks are copied one by one. Nothing is left at `path`
    } finally {
      await opened.handle.close();
    }
  }

  private async openFile(file: SourceFile): Promise<OpenSource | undefined> {
    try {
      const opened = file.kind === 'staged' ? await this.openStaged(file.part) : await this.openEntry(file.row);
      if (opened) return opened;
    } catch (error) {
      if (!(error instanceof FileStoreError)) throw error; // else it cannot be had now; it may be another time
    }
    if (file.kind === 'entry' && file.row.trashedAt === null) this.options.onStale(file.row);
    return undefined;
  }

  private async openStaged(part: string): Promise<OpenSource> {
    const { handle, stats } = await this.options.rootOf('received').openFile(`${STAGING_FOLDER}/${part}`);
    return { handle, size: stats.size };
  }

  private async openEntry(row: EntryRow): Promise<OpenSource | undefined> {
    const root = this.options.rootOf(row.scope);
    const trashPath = row.trashedAt === null ? undefined : this.index.trashPath(row, root.path);
    if (row.trashedAt !== null && trashPath === undefined) return undefined;
    const { handle, stats } = await root.openFile(trashPath === undefined ? row.path : `${TRASH_FOLDER}/${trashPath}`);
    if (isSameFile(identityOf(stats), row)) return { handle, size: stats.size };
    await handle.close();
    return undefined;
  }
}

const CLONE = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE;
/** With it the very file that was opened is cloned, whatever its name leads to meanwhile. */
const canPinSources = existsSync('/proc/self/fd');
