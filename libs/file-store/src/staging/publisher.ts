import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { FileEntry } from '@ferry/protocol';
import type { Database } from '../database/database';
import type { Directory } from '../disk/directory';
import { type FileIdentity, identityOf } from '../disk/file-identity';
import { removeFile } from '../disk/publish-file';
import { type Root, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { Publishing } from '../publishing/publishing';
import { statIn } from '../publishing/name-claims';
import type { BlockMap } from './block-map';
import type { StagingRow, StagingTable } from './staging-table';

/** The received file; or `skipped`: a file of its name was there, and the rule said to leave it. Nothing is staged any more. */
export type PublishedFile = FileEntry | { readonly skipped: FileEntry };

export interface PublisherOptions {
  readonly database: Database;
  readonly index: EntryIndex;
  readonly root: Root;
  readonly publishing: Publishing;
}

/** The steps by which a complete staged file becomes a received file, and their repair after a crash. */
export class Publisher {
  constructor(
    private readonly options: PublisherOptions,
    private readonly folder: Directory,
    private readonly table: StagingTable,
  ) {}

  /**
   * Commits block map and final name, moves what is to be replaced to the trash, links the file, syncs the folder, commits the
   * entry, removes the staged name: whatever step is the last before a crash, `recover` knows what happened.
   * @param handle the staged file, data and times synced.
   * @param onListed called in the transaction that commits the entry.
   */
  async publish(
    row: StagingRow,
    handle: FileHandle,
    map: BlockMap,
    onListed?: (entry: FileEntry) => void,
  ): Promise<PublishedFile> {
    return this.place(row, map.bytes, async () => identityOf(await handle.stat()), onListed);
  }

  /**
   * Finishes what a crash or a failing disk interrupted. Same inode under the final name = it was published. Otherwise it is published now, as its
   * data was synced before; unless the staged file is not as it was left.
   */
  async recover(row: StagingRow): Promise<void> {
    const { root, database } = this.options;
    const stats = await this.underItsName(row);
    if (row.finalPath !== null && stats) {
      await root.within(splitPath(row.finalPath).folder, (directory) => directory.sync());
      await this.complete(row, row.finalPath, identityOf(stats));
      return;
    }
    const staged = await statIn(this.folder, row.part);
    const isAsLeft =
      staged?.ino === row.inode && staged.size === row.size && Math.abs(staged.mtimeMs - row.modifiedAt) < 1;
    if (!isAsLeft) return database.batch(() => this.table.setWriting(row.key));
    await this.place(row, row.blocks, async () => identityOf(staged)).catch(() => undefined); // it is tried again with its transfer
  }

  private async place(
    row: StagingRow,
    blocks: Uint8Array,
    identity: () => Promise<FileIdentity>,
    onListed?: (entry: FileEntry) => void,
  ): Promise<PublishedFile> {
    const { database, publishing, index } = this.options;
    try {
      const result = await publishing.publish(this.folder.at(row.part), row.path, {
        onConflict: row.onConflict,
        beforeLink: (path) => database.batch(() => this.table.setPublishing(row.key, path, blocks)),
        afterLink: async (path) => this.complete(row, path, await identity(), onListed),
      });
      if ('published' in result) return result.published;
      await this.forget(row);
      return { skipped: index.toEntry(result.skipped) };
    } catch (error) {
      await this.giveUp(row.key);
      throw error;
    }
  }

  /** The file under the name that it was about to get, if it has it. */
  private async underItsName(row: StagingRow): Promise<Stats | undefined> {
    const stats = row.finalPath === null ? undefined : await this.options.root.stat(row.finalPath);
    return stats?.isFile() && stats.ino === row.inode && stats.size === row.size ? stats : undefined;
  }

  /** Something failed. A file that has its name all the same is published: that is left to `recover`. */
  private async giveUp(key: string): Promise<void> {
    const row = this.table.get(key);
    if (!row) return;
    const hasNoName = await this.underItsName(row).then(
      (stats) => stats === undefined,
      () => false, // a disk that does not even say that: later
    );
    if (hasNoName) await this.options.database.batch(() => this.table.setWriting(key));
  }

  private async complete(
    row: StagingRow,
    path: string,
    identity: FileIdentity,
    onListed?: (entry: FileEntry) => void,
  ): Promise<FileEntry> {
    const { database, index } = this.options;
    const entry = await database.batch(() => {
      const { fileId, hashes } = row;
      this.dropFormer(path, identity);
      const written = index.put('received', path, identity, { fileId, hashes });
      this.table.setPublished(row.key, written.id);
      const listed = index.toEntry(written);
      onListed?.(listed);
      return listed;
    });
    await removeFile(this.folder.at(row.part)).catch(() => undefined); // it is published; the next start removes what is left
    return entry;
  }

  private async forget(row: StagingRow): Promise<void> {
    await this.options.database.batch(() => this.table.delete(row.key));
    await removeFile(this.folder.at(row.part));
  }

  /** An entry of another file that was at this path and is gone: what was set for it is not for this one. */
  private dropFormer(path: string, { inode }: FileIdentity): void {
    const { index } = this.options;
    const former = index.table.at('received', path);
    if (former && former.inode !== inode) index.remove(former);
  }
}
