import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import type { Directory } from '../disk/directory';
import { removeFile } from '../disk/publish-file';
import { asStoreError, systemCode } from '../file-store-error';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, O_WRONLY } = constants;
const PART_NAME = /^resumable-(.+)\.part$/;

/** The staged files of resumable uploads, in the staging folder of the share. */
export class UploadParts {
  constructor(private readonly folder: Directory) {}

  /** What to give to a call that measures the file system. */
  get base(): string {
    return this.folder.base;
  }

  /** What to give to a file system call for the staged file of an upload. */
  pathOf(id: string): string {
    return this.folder.at(`resumable-${id}.part`);
  }

  /** Makes an empty file that survives a power cut. */
  async create(id: string): Promise<void> {
    const handle = await open(this.pathOf(id), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
    await handle.close();
    await this.folder.sync();
  }

  /** Opens the file for reading and writing. @throws FileStoreError IO */
  async open(id: string): Promise<FileHandle> {
    try {
      return await open(this.pathOf(id), O_RDWR | O_NOFOLLOW);
    } catch (error) {
      throw asStoreError(error, 'opening an upload');
    }
  }

  /** Bytes of the file; undefined when there is none. */
  async sizeOf(id: string): Promise<number | undefined> {
    try {
      return (await lstat(this.pathOf(id))).size;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw asStoreError(error, 'looking at an upload');
    }
  }

  async remove(id: string): Promise<void> {
    await removeFile(this.pathOf(id));
  }

  /** Deletes the files that `isOrphan`. */
  async removeOrphans(isOrphan: (id: string, modifiedMs: number) => boolean): Promise<void> {
    for (const name of await readdir(this.folder.base)) {
      const id = PART_NAME.exec(name)?.[1];
      if (id === undefined) continue;
      const { mtimeMs } = await lstat(this.folder.at(name));
      if (isOrphan(id, mtimeMs)) await removeFile(this.folder.at(name));
    }
  }

  async close(): Promise<void> {
    await this.folder.close();
  }
}
