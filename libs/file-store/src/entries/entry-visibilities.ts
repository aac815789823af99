import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntryVisibility, FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { type FileIdentity, isSameFile } from '../disk/file-identity';
import { type Audience, joinAudiences } from './entry-changes';
import type { EntryNews } from './entry-news';
import { DEFAULT_VISIBILITY, type EntryRow } from './entry-row';
import type { EntryTable } from './entry-table';
import { EntryViewers } from './entry-viewers';
import { GoneEntries, type Shown } from './gone-entries';
import { VisibilitySpread } from './visibility-spread';

/** Entries told of in one turn of the event loop. */
const ROWS_PER_STEP = 256;

/** Who may see which entry. */
export class EntryVisibilities {
  private readonly viewers: EntryViewers;
  private readonly gone: GoneEntries;
  private readonly spread: VisibilitySpread;

  constructor(
    private readonly database: Database,
    private readonly table: EntryTable,
    private readonly news: EntryNews,
  ) {
    this.viewers = new EntryViewers(database);
    this.gone = new GoneEntries(database);
    this.spread = new VisibilitySpread(database, table, (row, shown) => this.apply(row, shown));
  }

  /** Device ids that a `chosen` entry is shown to. */
  viewersOf(row: EntryRow): string[] {
    return this.viewers.of(row);
  }

  setViewers(row: EntryRow, peerIds: readonly string[]): void {
    if (peerIds.length > 0) this.viewers.set(row, peerIds);
  }

  audienceOf(row: EntryRow): Audience {
    return row.visibility === 'all-paired' ? 'all-paired' : this.viewers.of(row);
  }

  /**
   * Sets who may see the entry, and of a folder everything below it, durably before this resolves; should the process end
   * before that, the next one goes on.
   * @param visibleTo device ids; they count for `chosen` only.
   */
  async show(row: EntryRow, visibility: EntryVisibility, visibleTo: readonly string[]): Promise<EntryRow> {
    const shown = { visibility, viewers: visibility === 'chosen' ? visibleTo : [] };
    const write = () => {
      if (row.kind === 'folder') this.spread.plan(row);
      return this.apply(row, shown);
    };
    const written = this.database.transaction(write);
    if (row.kind === 'folder') await this.spread.finish();
    return written;
  }

  /** Finishes what a former process left. */
  async resume(): Promise<void> {
    await this.spread.finish();
  }

  /** Ends spreading soon; the next process goes on. */
  async close(): Promise<void> {
    await this.spread.close();
  }

  /** Takes a peer off the viewers of all entries, durably before it returns; resolves when that was told of each. */
  async forgetViewer(peerId: string): Promise<void> {
    const rowIds = this.viewers.rowsOf(peerId);
    this.database.transaction(() => {
      this.viewers.forget(peerId);
      this.gone.forgetViewer(peerId);
    });
    for (const [at, rowId] of rowIds.entries()) {
      const row = this.table.byRowId(rowId);
      if (row?.trashedAt === null) this.news.tell('changed', row, this.audienceOf(row));
      if (at % ROWS_PER_STEP === ROWS_PER_STEP - 1) await nextTurn(); // there may be 100,000
    }
  }

  /** Who may see what is listed for the first time: who might see it under its former name or before it was gone, else who may see its folder. */
  ofNew({ scope, path }: Pick<EntryRow, 'scope' | 'path'>, folder: EntryRow | undefined, former?: EntryRow): Shown {
    const kept = scope === 'shared' ? this.gone.take(path) : undefined;
    if (former) return this.shownOf(former);
    return kept ?? (folder ? this.shownOf(folder) : { visibility: DEFAULT_VISIBILITY[scope], viewers: [] });
  }

  /** What came into another folder and was not set itself is shown as that folder is. */
  follow(row: EntryRow, folder: EntryRow | undefined): EntryRow {
    if (!folder || row.visibility !== DEFAULT_VISIBILITY[row.scope]) return row;
    return row.visibility === folder.visibility ? row : this.apply(row, this.shownOf(folder));
  }

  /**
   * The entry under which a file was listed before it was renamed, if the user had set who may see it. In the share the
   * inode is enough, as that can only hide; received files are shown to more people only if they are the same for sure.
   */
  former(scope: FileScope, identity: FileIdentity): EntryRow | undefined {
    const former = this.table.withOwnVisibility(scope, identity);
    return former && (scope === 'shared' || isSameFile(former, identity)) ? former : undefined;
  }

  /** Remembers who might see a shared entry that is taken off the list. */
  keep(row: EntryRow): void {
    if (row.scope === 'shared' && row.visibility !== DEFAULT_VISIBILITY.shared) this.gone.keep(row, this.shownOf(row));
  }

  /** Forgets what was remembered before `time` (milliseconds). */
  purgeGone(time: number): void {
    this.gone.purge(time);
  }

  private shownOf(row: EntryRow): Shown {
    return { visibility: row.visibility, viewers: this.viewers.of(row) };
  }

  private apply(row: EntryRow, { visibility, viewers }: Shown): EntryRow {
    const before = this.audienceOf(row);
    const shown = { ...row, visibility };
    this.database.transaction(() => {
      this.table.setVisibility(row.rowId, visibility);
      this.viewers.set(shown, viewers);
    });
    this.news.tell('changed', shown, joinAudiences(this.audienceOf(shown), before));
    return shown;
  }
}
