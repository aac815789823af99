import { lstat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { Directory } from '../disk/directory';
import { type Root, splitPath } from '../disk/root';
import type { EntryRow } from '../entries/entry-row';
import type { EntryTable } from '../entries/entry-table';
import { FileStoreError, systemCode } from '../file-store-error';
import { collisionKey } from '../names/collision-key';
import type { EntryKeys } from '../entries/entry-keys';

/** A name that nobody else below this root takes until it is let go. */
export interface NameClaim {
  readonly name: string;
  release(): void;
}

/** A folder under the spelling it has, or will have, for as long as it is held. */
export interface FolderClaim {
  readonly path: string;
  release(): void;
}

/** What has a name, or one that collides with it. `row` is missing for what is not listed. */
export interface Obstacle {
  readonly path: string;
  readonly stats: Stats;
  readonly row?: EntryRow;
}

/**
 * Keeps apart the names that are being given below one root: names with one `collisionKey` in one folder count as one. What is
 * listed is found by the index, what is just being made by the claims kept here; what lies in the folder by hand and was not listed
 * yet is seen only under its own spelling.
 */
export class NameClaims {
  private readonly files = new Map<string, Promise<void>>();
  private readonly folders = new Map<string, { readonly name: string; holders: number }>();

  constructor(
    private readonly root: Root,
    private readonly table: EntryTable,
    private readonly keys: EntryKeys,
  ) {}

  /**
   * Finds out how a folder and those above it are spelled, and keeps others from spelling them otherwise.
   * @throws FileStoreError UNSAFE_NAME when something else has such a name.
   */
  async claimFolder(path: string): Promise<FolderClaim> {
    const releases: (() => void)[] = [];
    const release = () => releases.forEach((each) => each());
    let claimed = '';
    try {
      for (const name of path === '' ? [] : path.split('/')) {
        const spelling = await this.spellingOf(claimed, name);
        const claim = this.holdFolder(claimed, spelling);
        releases.push(claim.release);
        claimed = within(claimed, claim.name);
      }
      return { path: claimed, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** @returns nothing when the name is claimed; wait for `claimEnd` then. */
  claimFile(folder: string, name: string): NameClaim | undefined {
    const slot = slotOf(folder, name);
    if (this.files.has(slot) || this.folders.has(slot)) return undefined;
    let end = (): void => undefined;
    this.files.set(slot, new Promise((resolve) => (end = resolve)));
    const release = () => {
      this.files.delete(slot);
      end();
    };
    return { name, release };
  }

  isClaimed(folder: string, name: string): boolean {
    return this.isFileClaimed(folder, name) || this.folders.has(slotOf(folder, name));
  }

  isFileClaimed(folder: string, name: string): boolean {
    return this.files.has(slotOf(folder, name));
  }

  /** Resolves when the file that claims this name has it, or does without. */
  async claimEnd(folder: string, name: string): Promise<void> {
    await this.files.get(slotOf(folder, name));
  }

  /** What is there, on the disk, that a file of this name would collide with. @param directory the open folder. */
  async obstacle(directory: Directory, folder: string, name: string): Promise<Obstacle | undefined> {
    const path = within(folder, name);
    const stats = await statIn(directory, name);
    if (stats) return this.obstacleAt(path, stats);
    for (const listed of this.keys.find(this.root.scope, folder, collisionKey(name))) {
      const other = listed === path ? undefined : await statIn(directory, splitPath(listed).name);
      if (other) return this.obstacleAt(listed, other);
    }
    return undefined;
  }

  private obstacleAt(path: string, stats: Stats): Obstacle {
    const row = this.table.at(this.root.scope, path);
    return { path, stats, ...(row && { row }) };
  }

  private async spellingOf(folder: string, name: string): Promise<string> {
    const listed = this.keys.find(this.root.scope, folder, collisionKey(name));
    if (listed.length === 0 || listed.includes(within(folder, name))) return name;
    let inTheWay: string | undefined;
    for (const path of listed) {
      const stats = await this.root.stat(path);
      if (stats?.isDirectory()) return splitPath(path).name;
      if (stats) inTheWay = splitPath(path).name;
    }
    if (inTheWay !== undefined) throw notAFolder(name, inTheWay);
    return name;
  }

  private holdFolder(folder: string, name: string): NameClaim {
    const slot = slotOf(folder, name);
    if (this.files.has(slot)) throw notAFolder(name, name);
    const held = this.folders.get(slot) ?? { name, holders: 0 };
    held.holders += 1;
    this.folders.set(slot, held);
    const release = () => {
      held.holders -= 1;
      if (held.holders === 0) this.folders.delete(slot);
    };
    return { name: held.name, release };
  }
}

/** `folder/name`, or only the name at the top. */
export function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** No component holds a `/`. */
function slotOf(folder: string, name: string): string {
  return `${folder}/${collisionKey(name)}`;
}

/** What lies in an open folder under a name; a symlink is not followed. */
export async function statIn(directory: Directory, name: string): Promise<Stats | undefined> {
  try {
    return await lstat(directory.at(name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function notAFolder(name: string, other: string): FileStoreError {
  const what = name === other ? `${name} is not a folder` : `${name} is needed as a folder, and ${other} is a file`;
  return new FileStoreError('UNSAFE_NAME', what);
}
