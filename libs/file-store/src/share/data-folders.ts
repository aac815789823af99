import type { Database } from '../database/database';
import { isDataFolder } from '../disk/data-folder';
import { type Root, foldersAbove } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import { inSteps } from '../entries/row-steps';

/**
 * Data folders of nodes that lie in the share: left out with all that is in them, for they hold a private key. Not so among received
 * files: nobody is shown these, and a peer that sends two files of such names must not take a folder off the list.
 */
export class DataFolders {
  readonly areLeftOut: boolean;

  constructor(
    private readonly root: Root,
    private readonly database: Database,
    private readonly index: EntryIndex,
  ) {
    this.areLeftOut = root.scope === 'shared';
  }

  /** Whether the folder at `path` (`''` = the root) is one. */
  async isOne(path: string): Promise<boolean> {
    if (!this.areLeftOut) return false;
    return this.root.within(path, (directory) => isDataFolder(directory.base)).catch(() => false); // then it is gone
  }

  /** The outermost one that `folder` is or lies in. */
  async around(folder: string): Promise<string | undefined> {
    if (!this.areLeftOut) return undefined;
    for (const path of [...foldersAbove(folder), ''].reverse()) if (await this.isOne(path)) return path;
    return undefined;
  }

  isListed(path: string): boolean {
    const { table } = this.index;
    const { scope } = this.root;
    return (path !== '' && table.at(scope, path) !== undefined) || table.below(scope, path, '', 1).length > 0;
  }

  /** Takes it off the list with all below it. */
  async takeOff(path: string): Promise<void> {
    if (!this.isListed(path)) return;
    const { root, database, index } = this;
    await inSteps(
      database,
      (limit) => index.table.below(root.scope, path, '', limit),
      (row) => index.remove(row),
    );
    await database.batch(() => {
      const own = path === '' ? undefined : index.table.at(root.scope, path);
      if (own) index.remove(own);
    });
  }
}

/** Whether `path` is one of the folders, or lies in one (`''` = the root). */
export function isAtOrBelow(path: string, folders: ReadonlySet<string>): boolean {
  return folders.size > 0 && [...foldersAbove(path), ''].some((each) => folders.has(each));
}
