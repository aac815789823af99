import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntryVisibility, FileEntry, FileScope } from '@ferry/protocol';
import { lookup } from 'mime-types';
import type { Database } from '../database/database';
import { type FileIdentity, isSameFile } from '../disk/file-identity';
import { splitPath } from '../disk/root';
import { FileStoreError } from '../file-store-error';
import { type Audience, EntryChanges, joinAudiences } from './entry-changes';
import { DEFAULT_VISIBILITY, type EntryRow, toFileEntry } from './entry-row';
import { EntryTable } from './entry-table';
import { EntryViewers } from './entry-viewers';
import { GoneEntries, type Shown } from './gone-entries';

/** Content address of a file and what it was computed from. */
export interface HashedContent {
  readonly fileId: string;
  /** 32 bytes a block, concatenated. */
  readonly hashes: Uint8Array;
}

type FoundEntry = Omit<EntryRow, 'rowId' | 'id' | 'addedAt' | 'visibility' | 'trashedAt'>;

/** Entries told of in one turn of the event loop. */
const ROWS_PER_STEP = 256;

const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

/** Every change of the list goes through here: row and event always belong together. */
export class EntryIndex {
  readonly changes = new EntryChanges();
  readonly table: EntryTable;
  private readonly viewers: EntryViewers;
  private readonly gone: GoneEntries;
  private readonly hashedBytes = new Map<string, number>();

  constructor(private readonly database: Database) {
    this.table = new EntryTable(database);
    this.viewers = new EntryViewers(database);
    this.gone = new GoneEntries(database);
  }

  /** @throws FileStoreError NOT_FOUND, also for what lies in the trash. */
  require(id: string): EntryRow {
    const row = this.table.get(id);
    if (!row || row.trashedAt !== null) throw new FileStoreError('NOT_FOUND', 'No such file');
    return row;
  }

  toEntry(row: EntryRow): FileEntry {
    return toFileEntry(row, this.viewers.of(row), this.hashedBytes.get(row.id));
  }

  /**
   * Notes a file as it was found on disk. Known content (unchanged, or this very file under another
   * name) keeps its hashes; everything else is `hashing`. A file under another name stays hidden from whom it was.
   */
  observe(scope: FileScope, path: string, identity: FileIdentity): EntryRow {
    const known = this.table.at(scope, path);
    if (known && isSameFile(known, identity)) return known;
    const twin = this.table.hashedAs(identity);
    const hashes = twin && this.table.hashes(twin.rowId);
    const content = twin?.fileId && hashes ? { fileId: twin.fileId, hashes } : undefined;
    return this.put(scope, path, identity, content, this.formerEntry(scope, identity));
  }

  /**
   * Notes a file with (or, to be hashed, without) its content address, durably.
   * @param former whose visibility a new entry takes over.
   */
  put(scope: FileScope, path: string, identity: FileIdentity, content?: HashedContent, former?: EntryRow): EntryRow {
    const known = this.table.at(scope, path);
    const found = {
      ...identity,
      scope,
      path,
      state: content ? ('ready' as const) : ('hashing' as const),
      fileId: content?.fileId ?? null,
      mediaType: lookup(splitPath(path).name) || UNKNOWN_MEDIA_TYPE,
    };
    const row = this.database.transaction(() => {
      const written = known ? { ...known, ...found } : this.insert(found, former);
      if (known) this.table.update(written);
      if (content) this.table.setHashes(written.rowId, content.hashes);
      return written;
    });
    this.hashedBytes.delete(row.id);
    this.announce(known ? 'changed' : 'added', row);
    return row;
  }

  /** Stores the content address of an entry whose file was hashed. */
  setContent(row: EntryRow, { fileId, hashes }: HashedContent): void {
    const ready = { ...row, state: 'ready' as const, fileId };
    this.database.transaction(() => {
      this.table.update(ready);
      this.table.setHashes(row.rowId, hashes);
    });
    this.hashedBytes.delete(row.id);
    this.announce('changed', ready);
  }

  /** Sets who may see the entry. @param visibleTo device ids; they count for `chosen` only. */
  show(row: EntryRow, visibility: EntryVisibility, visibleTo: readonly string[]): EntryRow {
    const before = this.audienceOf(row);
    const shown = { ...row, visibility };
    this.database.transaction(() => {
      this.table.update(shown);
      this.viewers.set(shown, visibility === 'chosen' ? visibleTo : []);
    });
    this.announce('changed', shown, before);
    return shown;
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
      if (row?.trashedAt === null) this.announce('changed', row);
      if (at % ROWS_PER_STEP === ROWS_PER_STEP - 1) await nextTurn(); // there may be 100,000
    }
  }

  /** Tells how far the hashing of an entry got. */
  progress(row: EntryRow, hashedBytes: number): void {
    this.hashedBytes.set(row.id, hashedBytes);
    this.announce('changed', row);
  }

  /** Takes the entry off the list. Should a file come back under its name in the share, it is shown to no more people than before. */
  remove(row: EntryRow): void {
    const audience = this.audienceOf(row);
    this.database.transaction(() => {
      if (row.scope === 'shared' && row.visibility !== DEFAULT_VISIBILITY.shared)
        this.gone.keep(row, this.shownOf(row));
      this.table.delete(row.rowId);
    });
    this.announceRemoved(row, audience);
  }

  /** Forgets who might see what is gone since before `time` (milliseconds). */
  purgeGone(time: number): void {
    this.gone.purge(time);
  }

  /** Takes the entry off the list; its row stays, so that it can come back with id and hashes. */
  moveToTrash(row: EntryRow): void {
    this.table.update({ ...row, trashedAt: Date.now() });
    this.announceRemoved(row, this.audienceOf(row));
  }

  /** Puts an entry from the trash back on the list, at `path`. */
  restore(row: EntryRow, path: string): EntryRow {
    const restored = { ...row, path, trashedAt: null };
    this.database.transaction(() => {
      const inTheWay = this.table.at(row.scope, path); // a scan may have seen the file before us
      if (inTheWay) this.remove(inTheWay);
      this.table.update(restored);
    });
    this.announce('added', restored);
    return restored;
  }

  private insert(found: FoundEntry, former?: EntryRow): EntryRow {
    const kept = found.scope === 'shared' ? this.gone.take(found.path) : undefined;
    const shown = former ? this.shownOf(former) : kept;
    const row = this.table.insert({
      ...found,
      id: randomUUID(),
      addedAt: Date.now(),
      visibility: shown?.visibility ?? DEFAULT_VISIBILITY[found.scope],
    });
    if (shown) this.viewers.set(row, shown.viewers);
    return row;
  }

  private shownOf(row: EntryRow): Shown {
    return { visibility: row.visibility, viewers: this.viewers.of(row) };
  }

  /**
   * The entry under which a file was listed before it was renamed, if the user had set who may see it. In the share the
   * inode is enough, as that can only hide; received files are shown to more people only if they are the same for sure.
   */
  private formerEntry(scope: FileScope, identity: FileIdentity): EntryRow | undefined {
    const former = this.table.withOwnVisibility(scope, identity);
    return former && (scope === 'shared' || isSameFile(former, identity)) ? former : undefined;
  }

  private audienceOf(row: EntryRow): Audience {
    return row.visibility === 'all-paired' ? 'all-paired' : this.viewers.of(row);
  }

  private announce(type: 'added' | 'changed', row: EntryRow, before: Audience = []): void {
    const entry = this.toEntry(row);
    const audience = joinAudiences(this.audienceOf(row), before);
    this.database.afterCommit(() => this.changes.emit({ type, entry, audience }));
  }

  private announceRemoved(row: EntryRow, audience: Audience): void {
    this.hashedBytes.delete(row.id);
    const { id, scope } = row;
    this.database.afterCommit(() => this.changes.emit({ type: 'removed', id, scope, audience }));
  }
}
