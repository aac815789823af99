import { readdir, rename } from 'node:fs/promises';
import type { Database } from '../database/database';
import type { BusyPaths } from '../disk/busy-paths';
import type { Directory } from '../disk/directory';
import { publishFile, removeFile } from '../disk/publish-file';
import { type Root, TRASH_FOLDER, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError, asStoreError } from '../file-store-error';
import { TRASH_RETENTION_MS } from '../limits';

/** Deleted files of one root: kept under their entry's id, so they can come back as they were. */
export class Trash {
  private constructor(
    private readonly root: Root,
    private readonly folder: Directory,
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly busy: BusyPaths,
  ) {}

  /** Opens the trash of a root and deletes for good what is too old. */
  static async start(root: Root, database: Database, index: EntryIndex, busy: BusyPaths): Promise<Trash> {
    const folder = await root.openOwnFolder(TRASH_FOLDER);
    const trash = new Trash(root, folder, database, index, busy);
    await trash.adoptUnfinished();
    await trash.purge(Date.now() - TRASH_RETENTION_MS);
    return trash;
  }

  /** Takes a file off the list into the trash. Is it gone from the disk already, it only leaves the list. */
  async put(row: EntryRow): Promise<void> {
    if (!(await this.root.stat(row.path))?.isFile()) return this.index.remove(row);
    const { folder, name } = splitPath(row.path);
    const release = this.busy.hold(row.path);
    try {
      await this.root.within(folder, async (directory) => {
        await rename(directory.at(name), this.folder.at(row.id));
        await Promise.all([directory.sync(), this.folder.sync()]);
      });
      await this.database.batch(() => this.index.moveToTrash(this.index.table.get(row.id) ?? row)); // as it is now: it may be hashed meanwhile
    } catch (error) {
      throw asStoreError(error, 'moving a file to the trash');
    } finally {
      release();
    }
  }

  /**
   * Puts a file back where it was, or beside what took its place.
   * @throws FileStoreError NOT_FOUND when the file is not in the trash any more.
   */
  async restore(row: EntryRow): Promise<EntryRow> {
    const source = this.folder.at(row.id);
    if (!(await this.root.stat(`${TRASH_FOLDER}/${row.id}`))) {
      throw new FileStoreError('NOT_FOUND', 'The file is not in the trash any more');
    }
    const path = await publishFile(this.root, source, row.path);
    const restored = await this.database.batch(() => this.index.restore(row, path));
    await removeFile(source);
    return restored;
  }

  /** Deletes for good what was put here before `time` (milliseconds). */
  async purge(time: number): Promise<void> {
    const old = this.index.table.trashedBefore(time).filter(({ scope }) => scope === this.root.scope);
    for (const { id } of old) await removeFile(this.folder.at(id));
    this.database.transaction(() => old.forEach(({ rowId }) => this.index.table.delete(rowId)));
  }

  async close(): Promise<void> {
    await this.folder.close();
  }

  /** A crash between the move of a file and its commit: the move counts. */
  private async adoptUnfinished(): Promise<void> {
    for (const id of await readdir(this.folder.base)) {
      const row = this.index.table.get(id);
      if (row?.trashedAt !== null || row.scope !== this.root.scope) continue;
      const stats = await this.root.stat(row.path);
      if (!stats) this.index.moveToTrash(row);
      else if (stats.ino === row.inode) await removeFile(this.folder.at(id)); // restored, not yet cleared
    }
  }
}
