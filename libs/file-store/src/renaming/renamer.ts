import { rmdir, unlink } from 'node:fs/promises';
import type { Database } from '../database/database';
import { type Place, moveFile, moveFolder, statOf } from '../disk/move';
import { asMoveError } from '../disk/move-error';
import { type Root, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { inSteps } from '../entries/row-steps';
import { FileStoreError } from '../file-store-error';
import { type RenamingRow, RenamingTable } from './renaming-table';

/**
 * Gives entries of one root another name in their folder, on the disk and in the list; id, content and visibility stay. What a crash
 * interrupts is finished or undone by the next start.
 */
export class Renamer {
  private readonly table: RenamingTable;
  /** Folders whose entries do not all have their new path yet. */
  private readonly moving = new Map<string, string>();

  constructor(
    private readonly root: Root,
    private readonly database: Database,
    private readonly index: EntryIndex,
  ) {
    this.table = new RenamingTable(database);
  }

  /**
   * Nobody else may touch either path meanwhile.
   * @param to in the folder of the entry.
   * @throws FileStoreError NAME_TAKEN, NOT_FOUND when it is gone from the disk, FOLDER_UNUSABLE when the file system does not let it, IO.
   */
  async rename(row: EntryRow, to: string): Promise<EntryRow> {
    const renaming = { rowId: row.rowId, from: row.path, to };
    await this.database.batch(() => this.table.insert(this.root.scope, renaming));
    try {
      if (!(await this.move(row, to)))
        throw new FileStoreError('NAME_TAKEN', 'There is something of that name already');
    } catch (error) {
      await this.database.batch(() => this.table.delete(row.rowId));
      throw asMoveError(error, 'renaming');
    }
    return this.finish(renaming);
  }

  /** Where an entry lies on the disk at this moment: its folder may have its new name before it. */
  currentPath(path: string): string {
    for (const [from, to] of this.moving) if (path.startsWith(`${from}/`)) return to + path.slice(from.length);
    return path;
  }

  /** Finishes or undoes what the last process left; to be called before the first scan. */
  async recover(): Promise<void> {
    for (const renaming of this.table.all(this.root.scope)) {
      const row = this.index.table.byRowId(renaming.rowId);
      if (row && (await this.isMoved(row, renaming))) await this.finish(renaming);
      else await this.database.batch(() => this.table.delete(renaming.rowId));
    }
  }

  private move({ kind, path }: EntryRow, to: string): Promise<boolean> {
    const { folder, name } = splitPath(path);
    return this.root.within(folder, async (directory) => {
      const places = [
        { directory, name },
        { directory, name: splitPath(to).name },
      ] as const;
      const isMoved = await (kind === 'folder' ? moveFolder(...places) : moveFile(...places));
      if (isMoved) await directory.sync();
      return isMoved;
    });
  }

  /** The entry itself first, then step by step what lies below it. */
  private async finish({ rowId, from, to }: RenamingRow): Promise<EntryRow> {
    const { scope } = this.root;
    this.moving.set(from, to);
    try {
      const moved = await this.database.batch(() => this.relocate(rowId, to));
      const next = (limit: number) => this.index.table.below(scope, from, '', limit);
      const move = (row: EntryRow) => void this.relocate(row.rowId, to + row.path.slice(from.length));
      await inSteps(this.database, next, move, () => this.table.delete(rowId));
      return moved;
    } finally {
      this.moving.delete(from);
    }
  }

  /** As it is now: it may be hashed meanwhile. */
  private relocate(rowId: number, path: string): EntryRow {
    const row = this.index.table.byRowId(rowId);
    if (!row) throw new FileStoreError('NOT_FOUND', 'The entry is not listed any more');
    return row.path === path ? row : this.index.relocate(row, path, { isFolderRenamed: true });
  }

  /** Removes the second name, or the claim on the new one, that a crash may have left. */
  private async isMoved(row: EntryRow, { from, to }: RenamingRow): Promise<boolean> {
    try {
      return await this.root.within(splitPath(from).folder, async (directory) => {
        const [old, now] = [from, to].map((path) => ({ directory, name: splitPath(path).name })) as [Place, Place];
        const [before, after] = [await statOf(old), await statOf(now)];
        if (!after) return false;
        if (!before) return true;
        const isLinked = row.kind === 'file' && before.ino === after.ino && before.nlink > 1;
        if (isLinked) await unlink(directory.at(old.name));
        else if (row.kind === 'folder' && before.ino !== after.ino)
          await rmdir(directory.at(now.name)).catch(() => undefined); // in use
        await directory.sync();
        return isLinked;
      });
    } catch (error) {
      if (error instanceof FileStoreError && error.code === 'NOT_FOUND') return false; // with its folder
      throw error;
    }
  }
}
