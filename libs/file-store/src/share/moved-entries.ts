import { isSameFile } from '../disk/file-identity';
import { isSameFolder } from '../disk/folder-identity';
import type { Database } from '../database/database';
import type { Root } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { SCAN_BATCH } from '../limits';
import type { WalkedFile, WalkedFolder } from './walk';

/** Names of one inode that are asked about: more are hard links, of which none is the former name. */
const MAX_CANDIDATES = 8;

/** Finds out which entries were renamed on the disk, so that they keep id, content and visibility. */
export class MovedEntries {
  constructor(
    private readonly root: Root,
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly isBusy: (path: string) => boolean,
  ) {}

  /** The entry of a file that was found under a name that is not listed, if its former name is gone. */
  formerFile({ path, identity }: WalkedFile): Promise<EntryRow | undefined> {
    return this.former(path, identity.inode, (row) => row.kind === 'file' && isSameFile(row, identity));
  }

  /** The same for a folder. */
  formerFolder({ path, identity }: WalkedFolder): Promise<EntryRow | undefined> {
    return this.former(path, identity.inode, (row) => row.kind === 'folder' && isSameFolder(row, identity));
  }

  /** Gives a folder and all that is listed below it their new paths, in steps; a crash between them costs only ids below. */
  async moveFolder(row: EntryRow, path: string): Promise<void> {
    const { scope, path: from } = row;
    await this.database.batch(() => this.moveIfStill(row, path));
    for (let after = '', isDone = false; !isDone;) {
      const rows = this.index.table.below(scope, from, after, SCAN_BATCH);
      after = rows.at(-1)?.path ?? after;
      isDone = rows.length < SCAN_BATCH;
      const move = () => rows.forEach((each) => this.moveIfStill(each, path + each.path.slice(from.length), true));
      if (rows.length > 0) await this.database.batch(move);
    }
  }

  /** Inside a transaction: the entry may have got another path since it was found. */
  moveIfStill(row: EntryRow, path: string, isFolderRenamed = false): void {
    const now = this.index.table.byRowId(row.rowId);
    if (now?.trashedAt === null && now.path === row.path && !this.isBusy(row.path)) {
      this.index.relocate(now, path, { isFolderRenamed });
    }
  }

  private async former(path: string, inode: number, isSame: (row: EntryRow) => boolean): Promise<EntryRow | undefined> {
    const rows = this.index.table.withInode(this.root.scope, inode, MAX_CANDIDATES);
    for (const row of rows) {
      if (row.path === path || !isSame(row) || this.isBusy(row.path)) continue;
      const there = await this.root.look(row.path);
      if (there === 'gone' || (there !== 'unknown' && there.ino !== inode)) return row;
    }
    return undefined;
  }
}
