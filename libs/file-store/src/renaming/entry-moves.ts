import type { Database } from '../database/database';
import type { BusyPaths } from '../disk/busy-paths';
import { folderIdentityOf } from '../disk/folder-identity';
import { type Root, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError } from '../file-store-error';
import { type AcceptLimits, safePath } from '../names/accept';
import { asTaken } from '../publishing/in-the-way';
import type { FolderClaim, NameClaims } from '../publishing/name-claims';
import type { Trash } from '../trash/trash';
import { makeFolder } from './make-folder';
import { newPathOf } from './new-path';
import type { Renamer } from './renamer';

export interface EntryMovesOptions {
  readonly root: Root;
  readonly database: Database;
  readonly index: EntryIndex;
  readonly busy: BusyPaths;
  readonly trash: Trash;
  readonly renamer: Renamer;
  readonly names: NameClaims;
  /** Absolute paths that have to stay where they are, should they lie in this root. */
  readonly fixedPaths: () => readonly string[];
  /** Makes the list agree with what lies at a path. */
  readonly look: (path: string) => Promise<void>;
}

/** What users do to the entries of one root; each entry is had by one of them at a time. */
export class EntryMoves {
  constructor(private readonly options: EntryMovesOptions) {}

  /** @throws FileStoreError NOT_FOUND, UNSAFE_NAME, EXTENSION_NOT_ALLOWED, NAME_TAKEN, FOLDER_UNUSABLE, IO. */
  async rename(id: string, name: string, limits: AcceptLimits): Promise<EntryRow> {
    const renamed = await this.alone(
      id,
      (row) => [row.path, newPathOf(row, name, limits)],
      (row, to) => (to === row.path ? Promise.resolve(row) : this.renameTo(row, to)),
    );
    if (renamed.kind === 'folder') void this.options.look(renamed.path); // what somebody did in it while it was ours
    return renamed;
  }

  /** @throws FileStoreError NOT_FOUND, FOLDER_UNUSABLE, IO. */
  async moveToTrash(id: string): Promise<void> {
    const { trash, look } = this.options;
    const gone = await this.alone(
      id,
      (row) => [row.path],
      async (row) => ((await trash.put(row)) ? undefined : row.path),
    );
    if (gone !== undefined) await look(gone);
  }

  /** Makes a folder, if it is not there (`isNew`), and those above it. @throws FileStoreError UNSAFE_NAME, NAME_TAKEN, NO_SPACE, IO. */
  async makeFolder(asked: string): Promise<{ row: EntryRow; isNew: boolean }> {
    const { root, database, index, busy, names } = this.options;
    const claim = await names.claimFolder(safePath(asked)).catch((error: unknown) => {
      throw asTaken(error);
    });
    const { path } = claim;
    const release = await busy.enter(path);
    try {
      const isNew = (await root.look(path)) === 'gone';
      await makeFolder(root, path);
      const stats = await root.stat(path);
      if (!stats?.isDirectory()) throw new FileStoreError('CHANGED', 'The folder was taken away again');
      const row = await database.batch(() => index.observeFolder(root.scope, path, folderIdentityOf(stats)));
      return { row, isNew };
    } finally {
      release();
      claim.release();
    }
  }

  private async renameTo(row: EntryRow, to: string): Promise<EntryRow> {
    const { renamer, root, names } = this.options;
    const { folder, name } = splitPath(to);
    const claim = row.kind === 'folder' ? await this.claimFolder(row, to) : names.claimFile(folder, name);
    if (!claim) throw taken(name);
    try {
      const other = await root.within(folder, (directory) => names.obstacle(directory, folder, name));
      const isItself = other?.row ? other.row.rowId === row.rowId : other?.stats.ino === row.inode;
      if (other && !isItself) throw taken(splitPath(other.path).name);
      return await renamer.rename(row, to);
    } finally {
      claim.release();
    }
  }

  /** Claimed as a folder, so that who puts something into it meanwhile waits and does not give up. */
  private async claimFolder(row: EntryRow, to: string): Promise<FolderClaim> {
    const claim = await this.options.names.claimFolder(to).catch((error: unknown) => {
      throw asTaken(error);
    });
    if (claim.path === to || claim.path === row.path) return claim;
    claim.release();
    throw taken(splitPath(claim.path).name);
  }

  /** @param pathsOf its own path first. */
  private async alone<T>(
    id: string,
    pathsOf: (row: EntryRow) => readonly [string, string?],
    work: (row: EntryRow, to: string) => Promise<T>,
  ): Promise<T> {
    const { index, busy } = this.options;
    for (;;) {
      const [from, to = from] = pathsOf(this.require(id));
      const release = await busy.holdAlone(...new Set([from, to]));
      try {
        const row = index.require(id);
        if (row.path === from) return await work(row, to); // else its folder has got another name meanwhile
      } finally {
        release();
      }
    }
  }

  private require(id: string): EntryRow {
    const row = this.options.index.require(id);
    const own = `${this.options.root.path}/${row.path}`;
    const holds = this.options.fixedPaths().some((path) => path === own || path.startsWith(`${own}/`));
    if (!holds) return row;
    throw new FileStoreError(
      'FOLDER_UNUSABLE',
      'The folder holds one that this node works with; change that in the settings',
    );
  }
}

function taken(name: string): FileStoreError {
  return new FileStoreError('NAME_TAKEN', `There is ${name} already`);
}
