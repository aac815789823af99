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

  /** All new names first, then what is gone: a renamed file passes its hashes on. */
  private async scan(paths: readonly string[], haveJustChanged: boolean): Promise<void> {
    const visible = paths.filter((path) => path === '' || hiddenReason(path) === undefined);
    const seen: (ReadonlySet<number> | undefined)[] = [];
    for (const path of visible) seen.push(await this.look(path, haveJustChanged));
    for (const [at, path] of visible.entries()) {
      const rows = seen[at];
      if (rows) await this.sweep(path, rows);
    }
  }

  /** @returns the rows of the files that were found; nothing when this was not looked at to the end. */
  private async look(path: string, hasJustChanged: boolean): Promise<ReadonlySet<number> | undefined> {
    if (this.isClosed) return undefined;
    const stats = path === '' ? undefined : await this.root.stat(path);
    if (path === '' || stats?.isDirectory()) return this.lookBelow(path);
    if (!stats?.isFile()) {
      if (stats) this.options.onSkip(path, kindReason(stats));
      return new Set();
    }
    const [row] = await this.observe([{ path, identity: identityOf(stats) }]);
    this.options.onObserved(hasJustChanged ? row : undefined);
    return new Set(row ? [row.rowId] : []);
  }

  private async lookBelow(folder: string): Promise<ReadonlySet<number> | undefined> {
    if (this.options.isForeign(folder === '' ? this.root.path : `${this.root.path}/${folder}`)) return undefined;
    const seen = new Set<number>();
    for await (const batch of walk(this.root, folder, this.options)) {
      if (this.isClosed) return undefined;
      this.options.onFolder(batch.folder);
      for (const { rowId } of await this.observe(batch.files)) seen.add(rowId);
      if (batch.files.length > 0) this.options.onObserved();
    }
    return seen;
  }

  private async observe(files: readonly WalkedFile[]): Promise<EntryRow[]> {
    const { scope } = this.root;
    return this.database.batch(() =>
      files
        .filter(({ path }) => !this.options.isBusy(path))
        .map(({ path, identity }) => this.index.observe(scope, path, identity)),
    );
  }

  /** Takes off the list what is at `prefix` or below, was not seen and, looked at once more, is not there. */
  private async sweep(prefix: string, seen: ReadonlySet<number>): Promise<void> {
    const { scope } = this.root;
    const { table } = this.index;
    const own = prefix === '' ? undefined : table.at(scope, prefix);
    if (own) await this.removeGone([own], seen);
    let after = '';
    for (;;) {
      const rows = table.below(scope, prefix, after, SCAN_BATCH);
      const last = rows.at(-1);
      if (!last || this.isClosed) return;
      after = last.path;
      await this.removeGone(rows, seen);
    }
  }

  private async removeGone(rows: readonly EntryRow[], seen: ReadonlySet<number>): Promise<void> {
    const unseen = rows.filter(({ rowId }) => !seen.has(rowId));
    const isThere = await Promise.all(unseen.map((row) => this.isThere(row)));
    const gone = unseen.filter((_, at) => !isThere[at]);
    if (gone.length > 0) await this.database.batch(() => gone.forEach((row) => this.removeIfStill(row)));
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
