import { readdir, rmdir } from 'node:fs/promises';
import type { Directory } from '../disk/directory';
import { statOf } from '../disk/move';
import { removeFile } from '../disk/publish-file';
import { type Root, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import type { TrashEntries } from './trash-entries';
import type { TrashRow, TrashTable } from './trash-table';

/** Makes the list agree with what a process that ended has done in the trash. To be used before the first scan. */
export class TrashRecovery {
  constructor(
    private readonly root: Root,
    private readonly folder: Directory,
    private readonly table: TrashTable,
    private readonly entries: TrashEntries,
    private readonly index: EntryIndex,
  ) {}

  async run(): Promise<void> {
    const place = { scope: this.root.scope, root: this.root.path };
    this.table.claim(place);
    for (const item of this.table.inState(place, 'hiding')) await this.entries.hideBelow(item);
    for (const item of this.table.inState(place, 'restoring')) await this.finishRestoring(item);
    for (const id of await readdir(this.folder.base)) {
      const row = this.index.table.get(id);
      if (row?.scope !== place.scope) continue; // not known: the database was lost, or somebody put it here
      if (row.trashedAt === null) await this.adopt(row);
      else this.table.claimItem(row.rowId, place); // the folder was moved
    }
  }

  /** It was restored if it lies where it was to go. */
  private async finishRestoring(item: TrashRow): Promise<void> {
    const { toPath } = item;
    const isHere = (await statOf({ directory: this.folder, name: item.id })) !== undefined;
    const stats = toPath === null ? undefined : await this.root.stat(toPath);
    const isThere = item.kind === 'file' ? stats?.ino === item.inode : !isHere && stats?.isDirectory() === true;
    if (toPath !== null && isThere) {
      await this.root.within(splitPath(toPath).folder, (directory) => directory.sync());
      await this.entries.list(item, toPath);
      await removeFile(this.folder.at(item.id));
    } else if (isHere) {
      if (item.kind === 'folder' && toPath !== null) await removeEmptyFolder(this.root, toPath);
      this.table.change(item.rowId, 'restoring', 'kept');
    } else await this.entries.forget(item); // somebody took it away
  }

  /** A crash between the move of a file to the trash and its commit: the move counts. */
  private async adopt(row: EntryRow): Promise<void> {
    const stats = await this.root.stat(row.path);
    const isLeftover = row.kind === 'file' && stats?.ino === row.inode; // restored, and not cleared from here
    if (isLeftover) await removeFile(this.folder.at(row.id));
    else await this.entries.hide(row);
  }
}

/** For instance the name that a restore had claimed: gone, unless somebody has put something into it. */
export async function removeEmptyFolder(root: Root, path: string): Promise<void> {
  const { folder, name } = splitPath(path);
  await root.within(folder, (directory) => rmdir(directory.at(name))).catch(() => undefined); // not there, or not empty: it stays
}
