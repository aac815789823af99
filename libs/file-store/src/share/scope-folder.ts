import type { Database } from '../database/database';
import { BusyPaths } from '../disk/busy-paths';
import type { Root } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { MAX_TARGETED_PATHS, RESCAN_INTERVAL_MS } from '../limits';
import { Trash } from '../trash/trash';
import { FolderWatch } from './folder-watch';
import { Scanner } from './scanner';
import type { SkipListener } from './walk';

export interface ScopeFolderOptions {
  readonly database: Database;
  readonly index: EntryIndex;
  readonly busy: BusyPaths;
  /** Absolute path of the other scope's root, which may lie in this one. */
  readonly otherRoot: string;
  readonly onSkip: SkipListener;
  readonly onObserved: (changed?: EntryRow) => void;
}

/** One root with what keeps its part of the list true: scans, watch and trash. */
export class ScopeFolder {
  private readonly scanner: Scanner;
  private readonly watch: FolderWatch;
  private rescan: NodeJS.Timeout | undefined;

  private constructor(
    readonly root: Root,
    readonly trash: Trash,
    options: ScopeFolderOptions,
  ) {
    const { database, index, busy, otherRoot, onSkip, onObserved } = options;
    this.watch = new FolderWatch(root.path, (paths) => this.changedOnDisk(paths), onSkip);
    this.scanner = new Scanner(root, database, index, {
      isForeign: (path) => path === otherRoot,
      isBusy: (path) => busy.has(path),
      onFolder: (folder) => this.watch.add(folder),
      onObserved,
      onSkip,
    });
  }

  /** Opens the trash; nothing is scanned before `start`. */
  static async open(root: Root, options: ScopeFolderOptions): Promise<ScopeFolder> {
    const { database, index, busy } = options;
    return new ScopeFolder(root, await Trash.start(root, database, index, busy), options);
  }

  /** Lists the folder once and keeps watching it. Resolves after the first listing. */
  start(): Promise<void> {
    this.rescan = setInterval(() => this.refresh(['']), RESCAN_INTERVAL_MS).unref();
    return this.scanner.scanAll();
  }

  /** Makes the list agree with what lies at these paths; `''` is the whole folder. */
  refresh(paths: readonly string[]): void {
    void this.scanner.refresh(paths, { haveJustChanged: true });
  }

  async close(): Promise<void> {
    clearInterval(this.rescan);
    this.watch.close();
    await this.scanner.close();
    this.watch.close(); // what the last scan still watched
    await this.trash.close();
  }

  private changedOnDisk(paths: readonly string[]): void {
    this.refresh(paths.length > MAX_TARGETED_PATHS ? [''] : paths);
  }
}
