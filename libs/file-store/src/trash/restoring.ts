import type { BusyPaths } from '../disk/busy-paths';
import type { Directory } from '../disk/directory';
import { moveFolder } from '../disk/move';
import { asMoveError } from '../disk/move-error';
import { type Root, splitPath } from '../disk/root';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError } from '../file-store-error';
import { numberedName } from '../names/safe-name';
import { type FolderClaim, within } from '../publishing/name-claims';
import type { Publishing } from '../publishing/publishing';
import type { Trash } from './trash';
import type { TrashRow } from './trash-table';

const MAX_NUMBERED_NAMES = 10_000;

const NO_CLAIM: FolderClaim = { path: '', release: () => undefined };

/** Takes things out of the trash of one root, back to where they were or beside what took their place. */
export class Restoring {
  constructor(
    private readonly root: Root,
    private readonly trash: Trash,
    private readonly publishing: Publishing,
    private readonly busy: BusyPaths,
  ) {}

  /**
   * Folders above it are made again if they are gone.
   * @throws FileStoreError NOT_FOUND when it is not in the trash any more, NAME_TAKEN when a file is where a folder is needed,
   * FOLDER_UNUSABLE, IO.
   */
  async restore(rowId: number): Promise<EntryRow> {
    const item = await this.trash.beginRestoring(rowId);
    try {
      return await (item.kind === 'file' ? this.restoreFile(item) : this.restoreFolder(item));
    } catch (error) {
      await this.trash.giveUpRestoring(item);
      const isInTheWay = error instanceof FileStoreError && error.code === 'UNSAFE_NAME';
      if (isInTheWay)
        throw new FileStoreError('NAME_TAKEN', `It cannot be put back: ${error.message}`, { cause: error });
      throw asMoveError(error, 'taking it out of the trash');
    }
  }

  /** It gets its name and keeps the one in the trash until it is listed. */
  private async restoreFile(item: TrashRow): Promise<EntryRow> {
    const { directory, name } = this.trash.placeOf(item);
    const result = await this.publishing.publish(directory.at(name), item.fromPath, {
      onConflict: 'keep-both',
      beforeLink: (path) => this.trash.aim(item, path),
      afterLink: (path) => this.trash.finishRestoring(item, path),
    });
    return 'published' in result ? result.published : result.skipped;
  }

  private async restoreFolder(item: TrashRow): Promise<EntryRow> {
    const { folder, name } = splitPath(item.fromPath);
    for (let number = 1; number <= MAX_NUMBERED_NAMES; number++) {
      const candidate = number === 1 ? name : numberedName(name, number);
      const restored = await this.tryFolder(item, within(folder, candidate), candidate);
      if (restored) return restored;
    }
    throw new FileStoreError('IO', `There are ${MAX_NUMBERED_NAMES} folders of that name`);
  }

  private async tryFolder(item: TrashRow, wanted: string, name: string): Promise<EntryRow | undefined> {
    const claim = await this.claim(wanted);
    if (splitPath(claim.path).name !== name) {
      claim.release();
      return undefined; // one of another spelling is there
    }
    const { path } = claim;
    const release = await this.busy.holdAlone(path);
    try {
      const isMoved = await this.root.within(splitPath(path).folder, (directory) => this.move(item, directory, path), {
        create: true,
      });
      return isMoved ? await this.trash.finishRestoring(item, path) : undefined;
    } finally {
      release();
      claim.release();
    }
  }

  /** A file of that name is in the way of the folder itself, which gets a number then; one above it is in the way of all numbers. */
  private async claim(path: string): Promise<FolderClaim> {
    const { folder, name } = splitPath(path);
    const parent = await this.publishing.names.claimFolder(folder);
    try {
      return await this.publishing.names.claimFolder(within(parent.path, name));
    } catch (error) {
      if (error instanceof FileStoreError && error.code === 'UNSAFE_NAME') return NO_CLAIM;
      throw error;
    } finally {
      parent.release();
    }
  }

  private async move(item: TrashRow, directory: Directory, path: string): Promise<boolean> {
    const { folder, name } = splitPath(path);
    if (await this.publishing.names.obstacle(directory, folder, name)) return false;
    await this.trash.aim(item, path);
    const source = this.trash.placeOf(item);
    if (!(await moveFolder(source, { directory, name }))) return false;
    await Promise.all([directory.sync(), source.directory.sync()]);
    return true;
  }
}
