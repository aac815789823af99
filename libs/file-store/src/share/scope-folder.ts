import type { Database } from '../database/database';
import { BusyPaths } from '../disk/busy-paths';
import type { Root } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { MAX_TARGETED_PATHS, RESCAN_INTERVAL_MS } from '../limits';
import { EntryKeys } from '../entries/entry-keys';
import { EntryMoves } from '../renaming/entry-moves';
import { Publishing } from '../publishing/publishing';
import { Renamer } from '../renaming/renamer';
import { Restoring } from '../trash/restoring';
import { Trash } from '../trash/trash';
import { FolderWatch } from './folder-watch';
import { Scanner } from './scanner';
import type { SkipListener } from './walk';

export interface ScopeFolderOptions {
  readonly database: Database;
  readonly index: EntryIndex;
  readonly busy: BusyPaths;
  readonly onSkip: SkipListener;
  readonly onObserved: (changed?: EntryRow) => void;
  /** Called when what is in the trash has changed. */
  readonly onTrash: () => void;
  /** Absolute paths, as they are now: the other scope's root, which may lie in this one, and all that may not be moved. */
  readonly apart: () => { readonly otherRoot: string; readonly fixedPaths: readonly string[] };
  /** The folder that the list is about is not there: nothing is concluded from what is. */
  readonly isStandIn?: boolean;
}

/** One root with what keeps its part of the list true: scans, watch, trash and renaming. */
export class ScopeFolder {
  /** What users do to its entries. */
  readonly moves: EntryMoves;
  /** How files from outside get their names. */
  readonly publishing: Publishing;
  readonly restoring: Restoring;
  private readonly scanner: Scanner;
  private readonly watch: FolderWatch;
  private rescan: NodeJS.Timeout | undefined;

  private constructor(
    readonly root: Root,
    readonly trash: Trash,
    readonly renamer: Renamer,
    private readonly options: ScopeFolderOptions,
  ) {
    const { database, index, busy, apart, onSkip, onObserved } = options;
    this.watch = new FolderWatch(root.path, (paths) => this.changedOnDisk(paths), onSkip);
    this.scanner = new Scanner(root, database, index, {
      isForeign: (path) => apart().fixedPaths.includes(path),
      isBusy: (path) => busy.has(path),
      onFolder: (folder) => this.watch.add(folder),
      onObserved,
      onSkip,
    });
    this.publishing = new Publishing({
      ...{ root, database, index, busy },
      keys: new EntryKeys(database),
      toTrash: (row) => trash.put(row),
    });
    this.restoring = new Restoring(root, trash, this.publishing, busy);
    this.moves = new EntryMoves({
      ...{ root, database, index, busy, trash, renamer },
      names: this.publishing.names,
      fixedPaths: () => apart().fixedPaths,
      look: (path) => this.look([path]),
    });
  }

  /** Opens the trash and finishes what was being moved; nothing is scanned before `start`. */
  static async open(root: Root, options: ScopeFolderOptions): Promise<ScopeFolder> {
    const { database, index, busy, onTrash } = options;
    const renamer = new Renamer(root, database, index);
    await renamer.recover();
    const trash = await Trash.start({ root, database, index, busy, onChange: onTrash });
    return new ScopeFolder(root, trash, renamer, options);
  }

  /** Lists the folder once and keeps watching it. Resolves after the first listing. */
  async start(): Promise<void> {
    if (this.options.isStandIn) return;
    this.rescan = setInterval(() => this.refresh(['']), RESCAN_INTERVAL_MS).unref();
    await this.scanner.scanAll();
  }

  /** Makes the list agree with what lies at these paths; `''` is the whole folder. */
  refresh(paths: readonly string[]): void {
    void this.look(paths);
  }

  /** The same, and resolves when it does. */
  async look(paths: readonly string[]): Promise<void> {
    if (!this.options.isStandIn) await this.scanner.refresh(paths, { haveJustChanged: true });
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
