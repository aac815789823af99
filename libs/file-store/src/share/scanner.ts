import type { Stats } from 'node:fs';
import type { Database } from '../database/database';
import { DATA_FOLDER } from '../disk/data-folder';
import { identityOf, isSameFile } from '../disk/file-identity';
import { folderIdentityOf, isSameFolder } from '../disk/folder-identity';
import { type Root, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { SCAN_BATCH } from '../limits';
import { REPLACEMENT_CHARACTER, UNREADABLE, isOurs, joinPath, kindReason, skipReason } from './listable';
import { DataFolders, isAtOrBelow } from './data-folders';
import { MovedEntries } from './moved-entries';
import { SkippedInScope } from './skipped-objects';
import { sweep } from './sweep';
import { TaskQueue } from './task-queue';
import { type SkipListener, type WalkedBatch, type WalkedFile, type WalkedFolder, walk } from './walk';

/** What a look at the disk finds. */
interface Sighting {
  readonly rowIds: Set<number>;
  /** Paths that could not be looked at, or are not for us: of what lies there and below nothing is known. */
  readonly unread: Set<string>;
  /** Data folders of nodes. */
  readonly dataFolders: Set<string>;
}

export interface ScannerOptions {
  /** Whether a folder (absolute path) is not part of the scope. */
  readonly isForeign: (absolutePath: string) => boolean;
  /** Whether what is at a path is being moved by us at this moment; who moves it updates the list. */
  readonly isBusy: (path: string) => boolean;
  /** Called with every folder before it is read. */
  readonly onFolder: (folder: string) => void;
  /** Called when there may be something to hash; `changed` was just written to. */
  readonly onObserved: (changed?: EntryRow) => void;
  readonly onSkip: SkipListener;
}

/** Makes the list agree with the disk: everything at once, or only what lies at some path. */
export class Scanner {
  private readonly tasks = new TaskQueue();
  private readonly moved: MovedEntries;
  private readonly skipped: SkippedInScope;
  private readonly dataFolders: DataFolders;
  private isClosed = false;

  constructor(
    private readonly root: Root,
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly options: ScannerOptions,
  ) {
    this.moved = new MovedEntries(root, database, index, options.isBusy);
    this.skipped = new SkippedInScope(database, root.scope);
    this.dataFolders = new DataFolders(root, database, index);
  }

  /** Walks the whole root. */
  scanAll(): Promise<void> {
    return this.tasks.run(() => this.scan([''], false));
  }

  /**
   * Looks at these paths alone, and below those that are folders; what fails is told to `onSkip`.
   * `haveJustChanged`: they may still be written to.
   */
  refresh(paths: readonly string[], { haveJustChanged = false } = {}): Promise<void> {
    return this.tasks
      .run(() => this.scan(paths, haveJustChanged))
      .catch((error: unknown) => {
        this.options.onSkip('', error instanceof Error ? error.message : 'the scan failed');
      });
  }

  /** Ends a scan under way soon and resolves when nothing is touched any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.tasks.idle();
  }

  /** All new names first, then what is gone: a renamed file keeps its entry. */
  private async scan(paths: readonly string[], haveJustChanged: boolean): Promise<void> {
    const visible = paths.filter((path) => !path.split('/').some(isOurs));
    this.skipped.begin();
    const seen: Sighting = { rowIds: new Set(), unread: new Set(), dataFolders: new Set() };
    if (visible.includes('')) await this.lookBelow('', seen);
    else for (const [folder, names] of byFolder(visible)) await this.lookAt(folder, names, seen, haveJustChanged);
    if (this.isClosed) return;
    for (const path of seen.dataFolders) await this.dataFolders.takeOff(path);
    await this.skipped.flush();
    const places = visible.includes('') ? [''] : visible;
    await sweep(places, seen, {
      ...{ root: this.root, database: this.database, index: this.index },
      ...{ isBusy: this.options.isBusy, isClosed: () => this.isClosed },
    });
    for (const path of places) await this.skipped.sweep(path, seen.unread);
    const parents = visible.filter((path) => path !== '').map((path) => splitPath(path).folder);
    await this.refreshFolders(new Set(parents.filter((path) => !isAtOrBelow(path, seen.dataFolders))));
  }

  /** Looks at some names in a folder, and below those that are folders. */
  private async lookAt(folder: string, names: readonly string[], seen: Sighting, haveJustChanged: boolean) {
    const dataFolder = await this.dataFolders.around(folder);
    if (dataFolder !== undefined) return this.leaveOut(dataFolder, seen, this.dataFolders.isListed(dataFolder));
    // A name that was not told as it is can only be found in the list of its folder.
    if (names.some((name) => name.includes(REPLACEMENT_CHARACTER))) await this.lookBelow(folder, seen);
    for (let at = 0; at < names.length && !this.isClosed; at += SCAN_BATCH) {
      const part = names.slice(at, at + SCAN_BATCH);
      const batch = { files: [] as WalkedFile[], folders: [] as WalkedFolder[] };
      for (const [index, stats] of (await this.root.lookAll(folder, part)).entries()) {
        const path = joinPath(folder, part[index] ?? '');
        if (stats === 'unknown') seen.unread.add(path);
        else if (stats !== 'gone') await this.sort(path, stats, batch, seen);
      }
      for (const row of await this.observe(batch)) {
        seen.rowIds.add(row.rowId);
        if (row.kind === 'file') this.options.onObserved(haveJustChanged ? row : undefined);
      }
      for (const { path } of batch.folders) await this.lookBelow(path, seen);
    }
  }

  private async sort(
    path: string,
    stats: Stats,
    batch: { readonly files: WalkedFile[]; readonly folders: WalkedFolder[] },
    seen: Sighting,
  ): Promise<void> {
    const reason = skipReason(path) ?? kindReason(stats);
    if (reason !== undefined) return this.skip(path, reason);
    if (stats.isDirectory()) {
      if (this.isForeign(path)) seen.unread.add(path);
      else if (await this.dataFolders.isOne(path)) this.leaveOut(path, seen);
      else batch.folders.push({ path, identity: folderIdentityOf(stats) });
    } else if (await this.root.mayRead(path, stats)) batch.files.push({ path, identity: identityOf(stats) });
    else {
      seen.unread.add(path);
      this.skip(path, UNREADABLE);
    }
  }

  private isForeign(folder: string): boolean {
    return this.options.isForeign(joinPath(this.root.path, folder));
  }

  private async lookBelow(folder: string, seen: Sighting): Promise<void> {
    if (folder !== '' && this.isForeign(folder)) return void seen.unread.add(folder);
    const options = {
      isForeign: this.options.isForeign,
      onSkip: (path: string, reason: string) => this.skip(path, reason),
      onUnread: (path: string) => void seen.unread.add(path),
      ...(this.dataFolders.areLeftOut && { onDataFolder: (path: string) => this.leaveOut(path, seen) }),
    };
    for await (const batch of walk(this.root, folder, options)) {
      if (this.isClosed) return;
      this.options.onFolder(batch.folder);
      for (const { rowId } of await this.observe(batch)) seen.rowIds.add(rowId);
      if (batch.files.length > 0) this.options.onObserved();
    }
  }

  private leaveOut(path: string, { dataFolders }: Sighting, isNews = true): void {
    dataFolders.add(path);
    if (isNews) this.skip(path, DATA_FOLDER);
  }

  private skip(path: string, reason: string): void {
    this.options.onSkip(path, reason);
    this.skipped.add(path, reason);
  }

  /** Entries of what was found. What is as it is listed costs one look at the list, and no commit. */
  private async observe({ files, folders }: Pick<WalkedBatch, 'files' | 'folders'>): Promise<EntryRow[]> {
    const { table } = this.index;
    const { scope } = this.root;
    const same: EntryRow[] = [];
    const other = { files: [] as WalkedFile[], folders: [] as WalkedFolder[] };
    for (const folder of folders) {
      const row = table.at(scope, folder.path);
      const isSame =
        row?.kind === 'folder' && isSameFolder(row, folder.identity) && row.mtime === folder.identity.mtime;
      if (isSame) same.push(row);
      else other.folders.push(folder);
    }
    for (const file of files) {
      const row = table.at(scope, file.path);
      if (row?.kind === 'file' && isSameFile(row, file.identity)) same.push(row);
      else other.files.push(file);
    }
    await this.skipped.flushFull();
    if (other.files.length + other.folders.length === 0) return same;
    return [...same, ...(await this.write(other))];
  }

  private async write({ files, folders }: Pick<WalkedBatch, 'files' | 'folders'>): Promise<EntryRow[]> {
    const { isBusy } = this.options;
    const { scope } = this.root;
    const free = files.filter(({ path }) => !isBusy(path));
    const formers = await Promise.all(free.map((file) => this.formerFile(file)));
    for (const folder of folders) await this.followFolder(folder);
    return this.database.batch(() => {
      const rows = folders.map(({ path, identity }) => this.index.observeFolder(scope, path, identity));
      for (const [at, { path, identity }] of free.entries()) {
        const former = formers[at];
        if (isBusy(path)) continue;
        if (former) this.moved.moveIfStill(former, path);
        rows.push(this.index.observe(scope, path, identity));
      }
      return rows;
    });
  }

  private async formerFile(file: WalkedFile): Promise<EntryRow | undefined> {
    return this.index.table.at(this.root.scope, file.path) ? undefined : this.moved.formerFile(file);
  }

  private async followFolder(folder: WalkedFolder): Promise<void> {
    if (this.index.table.at(this.root.scope, folder.path)) return;
    const former = await this.moved.formerFolder(folder);
    if (former) await this.moved.moveFolder(former, folder.path);
  }

  /** A file that came or went changed the time of its folder. */
  private async refreshFolders(paths: ReadonlySet<string>): Promise<void> {
    for (const path of paths) {
      if (path === '' || this.isClosed) continue;
      const stats = await this.root.look(path);
      if (stats === 'gone' || stats === 'unknown' || !stats.isDirectory()) continue;
      await this.observe({ files: [], folders: [{ path, identity: folderIdentityOf(stats) }] });
    }
  }
}

/** Names of the paths, by the folder that they lie in. */
function byFolder(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const { folder, name } = splitPath(path);
    const names = folders.get(folder);
    if (names) names.push(name);
    else folders.set(folder, [name]);
  }
  return folders;
}
