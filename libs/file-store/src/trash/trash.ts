import { rename } from 'node:fs/promises';
import type { Database } from '../database/database';
import type { BusyPaths } from '../disk/busy-paths';
import type { Directory } from '../disk/directory';
import { identityOf, isSameFile } from '../disk/file-identity';
import { hasMounts } from '../disk/mounts';
import { asMoveError } from '../disk/move-error';
import { type Place, statOf } from '../disk/move';
import { removeFile } from '../disk/publish-file';
import { type Root, TRASH_FOLDER, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError } from '../file-store-error';
import { removeTree } from './remove-tree';
import { TrashEntries } from './trash-entries';
import { TrashRecovery, removeEmptyFolder } from './trash-recovery';
import { type TrashPlace, type TrashRow, TrashTable } from './trash-table';

export interface TrashOptions {
  readonly root: Root;
  readonly database: Database;
  readonly index: EntryIndex;
  readonly busy: BusyPaths;
  /** Called when what is in the trash has changed. */
  readonly onChange?: () => void;
}

/**
 * Deleted files and folders of one root: kept on the disk under their entry's id, so they can come back as they were. What is done on
 * the disk decides; a start finishes in the list what the last process did not.
 */
export class Trash {
  readonly place: TrashPlace;
  readonly table: TrashTable;
  private readonly entries: TrashEntries;

  private constructor(
    private readonly folder: Directory,
    private readonly options: TrashOptions,
  ) {
    const { root, database, index } = options;
    this.place = { scope: root.scope, root: root.path };
    this.table = new TrashTable(database);
    this.entries = new TrashEntries(this.place, this.table, database, index);
  }

  /** Opens the trash of a root and finishes what a crash interrupted. */
  static async start(options: TrashOptions): Promise<Trash> {
    const { root, index } = options;
    const folder = await root.openOwnFolder(TRASH_FOLDER);
    const trash = new Trash(folder, options);
    await new TrashRecovery(root, folder, trash.table, trash.entries, index).run();
    return trash;
  }

  /**
   * Takes a file, or a folder with all below it, off the list into the trash. Nobody else may move it meanwhile.
   * @returns false when it is gone from the disk already; nothing is done then.
   * @throws FileStoreError FOLDER_UNUSABLE when the file system does not let it go, IO.
   */
  async put(row: EntryRow): Promise<boolean> {
    const { root, busy, index, onChange } = this.options;
    const stats = await root.stat(row.path);
    if (!(row.kind === 'folder' ? stats?.isDirectory() : stats?.isFile()) || !stats) return false;
    const release = busy.hold(row.path);
    try {
      if (row.kind === 'folder') await assertNothingMounted(`${root.path}/${row.path}`);
      const isKnown = row.kind === 'folder' || isSameFile(row, identityOf(stats));
      const found = isKnown ? row : index.observe(row.scope, row.path, identityOf(stats));
      await this.take(found);
      await this.entries.hide(found);
      return true;
    } catch (error) {
      throw asMoveError(error, 'moving it to the trash');
    } finally {
      release();
      onChange?.();
    }
  }

  /**
   * Makes an item ours, to be restored: finish that or give it up.
   * @throws FileStoreError NOT_FOUND when it is not in the trash any more.
   */
  async beginRestoring(rowId: number): Promise<TrashRow> {
    const item = await this.begin(rowId, 'restoring');
    if (await statOf(this.placeOf(item))) return item;
    await this.entries.forget(item); // somebody took it away
    this.options.onChange?.();
    throw notThere();
  }

  /** Where an item lies. */
  placeOf({ id }: TrashRow): Place {
    return { directory: this.folder, name: id };
  }

  /** Notes, durably, where the item is to go next: whoever finds it there knows that it was restored. */
  async aim(item: TrashRow, path: string): Promise<void> {
    await this.change(item.rowId, 'restoring', 'restoring', path);
  }

  /** The item lies at `path`, durably: lists it there. */
  async finishRestoring(item: TrashRow, path: string): Promise<EntryRow> {
    const restored = await this.entries.list(item, path);
    if (item.kind === 'file') await removeFile(this.folder.at(item.id));
    this.options.onChange?.();
    return restored;
  }

  /** The item stays in the trash. */
  async giveUpRestoring(item: TrashRow): Promise<void> {
    await this.change(item.rowId, 'restoring', 'kept');
  }

  /**
   * Deletes something in the trash for good.
   * @throws FileStoreError NOT_FOUND; FOLDER_UNUSABLE, IO when not all of it can be deleted: the rest stays in the trash.
   */
  async purge(rowId: number): Promise<void> {
    const release = await this.options.busy.enter(TRASH_FOLDER); // the folder is not changed meanwhile
    try {
      await this.destroy(await this.begin(rowId, 'purging'));
    } finally {
      release();
      this.options.onChange?.();
    }
  }

  /** Finishes what the last process began to delete for good; to be called once, soon after the start. */
  async resumePurges(): Promise<void> {
    const release = await this.options.busy.enter(TRASH_FOLDER);
    try {
      for (const item of this.table.inState(this.place, 'purging')) await this.destroy(item);
    } finally {
      release();
    }
  }

  async close(): Promise<void> {
    await this.folder.close();
  }

  /** Removes the folder of the trash if there is nothing in it; after `close`. */
  async removeIfEmpty(): Promise<void> {
    await removeEmptyFolder(this.options.root, TRASH_FOLDER);
  }

  /** Makes an item ours: nobody else restores or purges it then. */
  private async begin(rowId: number, state: 'restoring' | 'purging'): Promise<TrashRow> {
    const item = this.table.get(this.place, rowId);
    if (item && (await this.change(rowId, 'kept', state))) return item;
    throw notThere();
  }

  /** On the disk. What a restore may have left under that name is the same file and goes first: a rename onto it would do nothing. */
  private async take(row: EntryRow): Promise<void> {
    const { folder, name } = splitPath(row.path);
    if (row.kind === 'file') await removeFile(this.folder.at(row.id));
    await this.options.root.within(folder, async (directory) => {
      await rename(directory.at(name), this.folder.at(row.id));
      await Promise.all([directory.sync(), this.folder.sync()]);
    });
  }

  private change(...change: Parameters<TrashTable['change']>): Promise<boolean> {
    return this.options.database.batch(() => this.table.change(...change));
  }

  private async destroy(item: TrashRow): Promise<void> {
    try {
      if (item.kind === 'folder') await assertNothingMounted(`${this.folder.path}/${item.id}`);
      await removeTree(this.folder.at(item.id));
      await this.folder.sync();
      await this.entries.forget(item);
    } catch (error) {
      await this.change(item.rowId, 'purging', 'kept');
      throw asMoveError(error, 'deleting it for good');
    }
  }
}

/** What is on another disk was not meant, and would go with the folder when that is deleted for good. */
async function assertNothingMounted(path: string): Promise<void> {
  if (!(await hasMounts(path))) return;
  throw new FileStoreError('FOLDER_UNUSABLE', 'Another file system is mounted in the folder; unmount it first');
}

function notThere(): FileStoreError {
  return new FileStoreError('NOT_FOUND', 'It is not in the trash any more');
}
