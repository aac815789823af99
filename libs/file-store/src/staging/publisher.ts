import type { FileHandle } from 'node:fs/promises';
import type { FileEntry } from '@ferry/protocol';
import type { Database } from '../database/database';
import type { Directory } from '../disk/directory';
import type { BusyPaths } from '../disk/busy-paths';
import { type FileIdentity, identityOf } from '../disk/file-identity';
import { publishFile, removeFile } from '../disk/publish-file';
import { type Root, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { BlockMap } from './block-map';
import type { StagingRow, StagingTable } from './staging-table';

/** The steps by which a complete staged file becomes a received file, and their repair after a crash. */
export class Publisher {
  constructor(
    private readonly root: Root,
    private readonly folder: Directory,
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly table: StagingTable,
    private readonly busy: BusyPaths,
  ) {}

  /**
   * Commits block map and final name, links the file, syncs the folder, commits the entry, removes the
   * staged name: whatever step is the last before a crash, `recover` knows what happened.
   * @param handle the staged file, data and times synced.
   */
  async publish(row: StagingRow, handle: FileHandle, map: BlockMap): Promise<FileEntry> {
    const releases: (() => void)[] = [];
    try {
      const finalPath = await this.link(row, map, releases);
      return await this.complete(row, finalPath, identityOf(await handle.stat()));
    } finally {
      for (const release of releases) release();
    }
  }

  /** Finishes what a crash interrupted: same inode under the final name = it was published. */
  async recover(row: StagingRow): Promise<void> {
    const stats = row.finalPath === null ? undefined : await this.root.stat(row.finalPath);
    const isPublished = stats?.isFile() && stats.ino === row.inode && stats.size === row.size;
    if (row.finalPath === null || !stats || !isPublished) {
      return this.database.batch(() => this.table.setWriting(row.key));
    }
    await this.root.within(splitPath(row.finalPath).folder, (directory) => directory.sync());
    await this.complete(row, row.finalPath, identityOf(stats));
  }

  private async link(row: StagingRow, map: BlockMap, releases: (() => void)[]): Promise<string> {
    try {
      return await publishFile(this.root, this.folder.at(row.part), row.path, (path) => {
        releases.push(this.busy.hold(path));
        return this.database.batch(() => this.table.setPublishing(row.key, path, map.bytes));
      });
    } catch (error) {
      await this.database.batch(() => this.table.setWriting(row.key));
      throw error;
    }
  }

  private async complete(row: StagingRow, path: string, identity: FileIdentity): Promise<FileEntry> {
    const entry = await this.database.batch(() => {
      const { fileId, hashes } = row;
      this.dropFormer(path, identity);
      const written = this.index.put('received', path, identity, { fileId, hashes });
      this.table.setPublished(row.key, written.id);
      return this.index.toEntry(written);
    });
    await removeFile(this.folder.at(row.part));
    return entry;
  }

  /** An entry of another file that was at this path and is gone: what was set for it is not for this one. */
  private dropFormer(path: string, { inode }: FileIdentity): void {
    const former = this.index.table.at('received', path);
    if (former && former.inode !== inode) this.index.remove(former);
  }
}
