import { unlink } from 'node:fs/promises';
import type { ConflictRule } from '@ferry/protocol';
import type { Database } from '../database/database';
import type { BusyPaths } from '../disk/busy-paths';
import type { Directory } from '../disk/directory';
import { identityOf } from '../disk/file-identity';
import { linkFile } from '../disk/publish-file';
import { type Root, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError, asStoreError } from '../file-store-error';
import { numberedName } from '../names/safe-name';
import type { EntryKeys } from '../entries/entry-keys';
import { freeNumber } from './free-number';
import { NameClaims, type NameClaim, type Obstacle, within } from './name-claims';

export interface PublishingOptions {
  readonly root: Root;
  readonly database: Database;
  readonly index: EntryIndex;
  readonly keys: EntryKeys;
  readonly busy: BusyPaths;
  /** Moves a file to the trash, durably. */
  readonly toTrash: (row: EntryRow) => Promise<unknown>;
}

/** What is done around the moment at which a file gets its final name. */
export interface PublishSteps<T> {
  readonly onConflict: ConflictRule;
  /** Called with each name before it is tried, and before anything is moved to the trash for it. */
  beforeLink(path: string): Promise<void>;
  /** The file has the name, durably: lists it. Until this resolves nobody else gets a name like it. */
  afterLink(path: string): Promise<T>;
}

/** `skipped`: the name was taken, by this, and nothing was changed. */
export type Published<T> = { readonly published: T } | { readonly skipped: EntryRow };

interface AskedName {
  /** As it is spelled on the disk. */
  readonly folder: string;
  readonly name: string;
}

type TakenName = { readonly claim: NameClaim; readonly old?: EntryRow } | { readonly skipped: EntryRow };

/** Tries against somebody who keeps making files of just the name that is to be given. */
const MAX_TRIES = 100;

/** Gives files their final names below one root, never over anything. Several at once never get names that collide. */
export class Publishing {
  /** For others who give names below this root. */
  readonly names: NameClaims;

  constructor(private readonly options: PublishingOptions) {
    this.names = new NameClaims(options.root, options.index.table, options.keys);
  }

  /**
   * Gives the file `source` (any path on the same file system) a name: `path`, whose folders are made as far as they are missing. A
   * name is taken by what lies there and by listed things whose name has the same `collisionKey`. By the rule `keep-both` the file
   * becomes `name (2).ext` and so on then; by `replace` the old file goes to the trash first; by `skip` nothing happens. Only
   * files are replaced: beside anything else in the way both are kept. `source` stays as it is.
   * @throws FileStoreError UNSAFE_NAME when something else stands where a folder is needed, IO, NO_SPACE; what the steps throw.
   */
  async publish<T>(source: string, path: string, steps: PublishSteps<T>): Promise<Published<T>> {
    const { folder, name } = splitPath(path);
    const releases: (() => void)[] = [];
    try {
      const claimed = await this.names.claimFolder(folder);
      releases.push(claimed.release);
      releases.push(await this.options.busy.enter(within(claimed.path, name)));
      const asked = { folder: claimed.path, name };
      const place = (directory: Directory) => this.place(directory, asked, source, steps);
      return await this.options.root.within(claimed.path, place, { create: true });
    } catch (error) {
      throw asStoreError(error, 'publishing a file');
    } finally {
      for (const release of releases) release();
    }
  }

  private async place<T>(
    directory: Directory,
    { folder, name }: AskedName,
    source: string,
    steps: PublishSteps<T>,
  ): Promise<Published<T>> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const taken = await this.take(directory, { folder, name }, steps.onConflict);
      if ('skipped' in taken) return taken;
      const { claim, old } = taken;
      const final = within(folder, claim.name);
      const letGo = this.options.busy.hold(final); // a scan leaves it to us
      try {
        await steps.beforeLink(final);
        if (old) await this.options.toTrash(old);
        if (old && (await this.names.obstacle(directory, folder, claim.name))) continue; // another one, by hand
        if (await this.tryLink(source, directory, claim.name)) return { published: await steps.afterLink(final) };
      } finally {
        letGo();
        claim.release();
      }
    }
    throw new FileStoreError('IO', 'Somebody takes the name each time it is free');
  }

  /** By the rule: the name that the file is to get, and what goes to the trash for it. */
  private async take(directory: Directory, { folder, name }: AskedName, rule: ConflictRule): Promise<TakenName> {
    const claim = await this.claimAsked(folder, name, rule);
    if (claim) {
      const obstacle = await this.names.obstacle(directory, folder, name);
      if (!obstacle) return { claim };
      const row = rule === 'keep-both' ? undefined : await this.listed(obstacle);
      if (row?.kind === 'file' && rule === 'replace') return { claim, old: row };
      claim.release();
      if (row && rule === 'skip') return { skipped: row };
    }
    return { claim: await this.claimNumbered(directory, { folder, name }) };
  }

  /** Who replaces, or is skipped, first waits for who is just getting the name. */
  private async claimAsked(folder: string, name: string, rule: ConflictRule): Promise<NameClaim | undefined> {
    for (;;) {
      const claim = this.names.claimFile(folder, name);
      if (claim || rule === 'keep-both' || !this.names.isFileClaimed(folder, name)) return claim;
      await this.names.claimEnd(folder, name);
    }
  }

  private async claimNumbered(directory: Directory, { folder, name }: AskedName): Promise<NameClaim> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const isTaken = async (number: number) => {
        const candidate = numberedName(name, number);
        return (
          this.names.isClaimed(folder, candidate) ||
          (await this.names.obstacle(directory, folder, candidate)) !== undefined
        );
      };
      const number = await freeNumber(isTaken);
      if (number === undefined) throw new FileStoreError('IO', 'There are too many files of that name');
      const claim = this.names.claimFile(folder, numberedName(name, number));
      if (!claim) continue;
      if (!(await this.names.obstacle(directory, folder, claim.name))) return claim;
      claim.release();
    }
    throw new FileStoreError('IO', 'Too many files of that name come at once');
  }

  /** The entry of what is in the way, also if no scan has seen it yet; none for what is never listed. */
  private async listed({ path, stats, row }: Obstacle): Promise<EntryRow | undefined> {
    const { index, root, database } = this.options;
    if (stats.isDirectory())
      return row?.kind === 'folder' ? row : database.batch(() => index.ensureFolder(root.scope, path));
    if (!stats.isFile()) return undefined;
    return row?.kind === 'file' ? row : database.batch(() => index.observe(root.scope, path, identityOf(stats)));
  }

  private async tryLink(source: string, directory: Directory, name: string): Promise<boolean> {
    if (!(await linkFile(source, directory.at(name)))) return false;
    try {
      await directory.sync();
      return true;
    } catch (error) {
      await unlink(directory.at(name)); // a name that may vanish must not be seen
      throw error;
    }
  }
}
