import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { identityOf } from '../disk/file-identity';
import type { Root } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { SCAN_BATCH } from '../limits';
import { TaskQueue } from './task-queue';
import { type WalkOptions, type WalkedFile, hiddenReason, kindReason, walk } from './walk';

export interface ScannerOptions extends WalkOptions {
  /** Whether the file at a path is being moved by us at this moment; who moves it updates the list. */
  readonly isBusy: (path: string) => boolean;
  /** Called with every folder before it is read. */
  readonly onFolder: (folder: string) => void;
  /** Called when there may be something to hash; `changed` was just written to. */
  readonly onObserved: (changed?: EntryRow) => void;
}

/** Makes the list agree with the disk: everything at once, or only what lies at some path. */
export class Scanner {
  private readonly tasks = new TaskQueue();
  private isClosed = false;

  constructor(
    private readonly root: Root,
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly options: ScannerOptions,
  ) {}

  /** Walks the whole root. */
  scanAll(): Promise<void> {
    return this.tasks.run(() => this.scanFolder(''));
  }

  /** Looks at `path` alone, and below it if it is a folder; what fails is told to `onSkip`. `hasJustChanged`: it may still be written to. */
  refresh(path: string, { hasJustChanged = false } = {}): Promise<void> {
    return this.tasks
      .run(() => this.scanPath(path, hasJustChanged))
      .catch((error: unknown) => {
        this.options.onSkip(path, error instanceof Error ? error.message : 'cannot be looked at');
      });
  }

  /** Ends a scan under way soon and resolves when nothing is touched any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.tasks.idle();
  }

  private async scanPath(path: string, hasJustChanged: boolean): Promise<void> {
    if (this.isClosed) return;
    if (path === '') return this.scanFolder('');
    if (hiddenReason(path) !== undefined) return;
    const stats = await this.root.stat(path);
    if (stats?.isDirectory()) return this.scanFolder(path);
    if (stats && !stats.isFile()) this.options.onSkip(path, kindReason(stats));
    if (stats?.isFile()) {
      const [row] = this.observe([{ path, identity: identityOf(stats) }]);
      this.options.onObserved(hasJustChanged ? row : undefined);
    }
    await this.sweep(path, new Set(stats?.isFile() ? [path] : []));
  }

  private async scanFolder(folder: string): Promise<void> {
    if (this.options.isForeign(folder === '' ? this.root.path : `${this.root.path}/${folder}`)) return;
    const seen = new Set<number>();
    for await (const batch of walk(this.root, folder, this.options)) {
      if (this.isClosed) return;
      this.options.onFolder(batch.folder);
      for (const { rowId } of this.observe(batch.files)) seen.add(rowId);
      if (batch.files.length > 0) this.options.onObserved();
    }
    await this.sweep(folder, seen);
  }

  private observe(files: readonly WalkedFile[]): EntryRow[] {
    const { scope } = this.root;
    return this.database.transaction(() =>
      files
        .filter(({ path }) => !this.options.isBusy(path))
        .map(({ path, identity }) => this.index.observe(scope, path, identity)),
    );
  }

  /** Takes off the list what was not seen and, looked at once more, is not there. */
  private async sweep(prefix: string, seen: ReadonlySet<number | string>): Promise<void> {
    const scope: FileScope = this.root.scope;
    let after = 0;
    for (;;) {
      const rows = this.index.table.below(scope, prefix, after, SCAN_BATCH);
      const last = rows.at(-1);
      if (!last || this.isClosed) return;
      after = last.rowId;
      const unseen = rows.filter(({ rowId, path }) => !seen.has(rowId) && !seen.has(path));
      const isThere = await Promise.all(unseen.map((row) => this.isThere(row)));
      const gone = unseen.filter((_, at) => !isThere[at]);
      this.database.transaction(() => gone.forEach((row) => this.removeIfStill(row)));
    }
  }

  private async isThere({ path }: EntryRow): Promise<boolean> {
    return (await this.root.stat(path))?.isFile() ?? false;
  }

  /** While we looked, it may have been renamed or trashed by the user. */
  private removeIfStill(row: EntryRow): void {
    const now = this.index.table.at(row.scope, row.path);
    if (now?.rowId === row.rowId && !this.options.isBusy(row.path)) this.index.remove(now);
  }
}
