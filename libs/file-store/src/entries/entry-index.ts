import { randomUUIDv7 } from 'node:crypto';
import type { FileEntry, FileScope } from '@ferry/protocol';
import { lookup } from 'mime-types';
import type { Database } from '../database/database';
import { type FileIdentity, isSameFile } from '../disk/file-identity';
import { type FolderIdentity, isSameFolder } from '../disk/folder-identity';
import { splitPath } from '../disk/root';
import { FileStoreError } from '../file-store-error';
import { EntryBacklog } from './entry-backlog';
import { type Audience, EntryChanges } from './entry-changes';
import { EntryNews } from './entry-news';
import { type EntryRow, FOLDER_MEDIA_TYPE, toFileEntry } from './entry-row';
import { EntryTable, type NewEntry } from './entry-table';
import { EntryVisibilities } from './entry-visibilities';
import { FolderTotals } from './folder-totals';

/** Content address of a file and what it was computed from. */
export interface HashedContent {
  readonly fileId: string;
  /** 32 bytes a block, concatenated. */
  readonly hashes: Uint8Array;
  /** SHA-256 of the whole file, lower-case hex, if it is known already. */
  readonly sha256?: string | null;
}

type FoundEntry = Omit<NewEntry, 'id' | 'addedAt' | 'visibility'>;

/** Of numbers and times of a folder: they tell of what lies in it, and that may be hidden from who sees the folder. */
const NOBODY: Audience = [];

const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

/** Every change of the list goes through here: row and event always belong together. */
export class EntryIndex {
  readonly changes = new EntryChanges();
  readonly table: EntryTable;
  readonly backlog: EntryBacklog;
  readonly visibilities: EntryVisibilities;
  private readonly news: EntryNews;
  private readonly hashedBytes = new Map<string, number>();

  constructor(private readonly database: Database) {
    this.table = new EntryTable(database);
    this.backlog = new EntryBacklog(database, this.table);
    this.news = new EntryNews(database, this.changes, (row) => this.toEntry(row));
    this.visibilities = new EntryVisibilities(database, this.table, this.news);
    const totals = new FolderTotals(database, this.table);
    database.beforeCommit(() => totals.settle().forEach((folder) => this.news.tell('changed', folder, NOBODY)));
  }

  /** @throws FileStoreError NOT_FOUND, also for what lies in the trash. */
  require(id: string): EntryRow {
    const row = this.table.get(id);
    if (!row || row.trashedAt !== null) throw new FileStoreError('NOT_FOUND', 'No such file');
    return row;
  }

  toEntry(row: EntryRow): FileEntry {
    return toFileEntry(row, this.visibilities.viewersOf(row), this.hashedBytes.get(row.id));
  }

  /**
   * Notes a file as it was found on disk. Known content (unchanged, or this very file under another
   * name) keeps its hashes; everything else is `hashing`. A file under another name stays hidden from whom it was.
   */
  observe(scope: FileScope, path: string, identity: FileIdentity): EntryRow {
    const known = this.table.at(scope, path);
    if (known?.kind === 'file' && isSameFile(known, identity)) return known;
    const twin = this.table.hashedAs(identity);
    const hashes = twin && this.table.hashes(twin.rowId);
    const content = twin?.fileId && hashes ? { fileId: twin.fileId, hashes, sha256: twin.sha256 } : undefined;
    return this.put(scope, path, identity, content, this.visibilities.former(scope, identity));
  }

  /** Notes a folder as it was found on disk. */
  observeFolder(scope: FileScope, path: string, identity: FolderIdentity): EntryRow {
    const known = this.table.at(scope, path);
    if (known?.kind !== 'folder') return this.insertFolder(scope, path, identity, known);
    if (isSameFolder(known, identity) && known.mtime === identity.mtime) return known;
    const row = { ...known, ...identity };
    this.table.update(row);
    this.news.tell('changed', row, NOBODY);
    return row;
  }

  /**
   * Notes a file with (or, to be hashed, without) its content address, durably; and the folders that it lies in.
   * @param former whose visibility a new entry takes over.
   */
  put(scope: FileScope, path: string, identity: FileIdentity, content?: HashedContent, former?: EntryRow): EntryRow {
    const found: FoundEntry = {
      ...identity,
      ...{ scope, path, kind: 'file', birth: 0 },
      state: content ? 'ready' : 'hashing',
      fileId: content?.fileId ?? null,
      sha256: content?.sha256 ?? null,
      mediaType: lookup(splitPath(path).name) || UNKNOWN_MEDIA_TYPE,
    };
    return this.database.transaction(() => {
      const known = this.table.at(scope, path);
      if (known?.kind === 'folder') this.remove(known);
      const isKnown = known?.kind === 'file';
      const row = isKnown ? { ...known, ...found } : this.insert(found, former);
      if (isKnown) this.table.update(row);
      if (content) this.table.setHashes(row.rowId, content.hashes);
      this.hashedBytes.delete(row.id);
      this.announce(isKnown ? 'changed' : 'added', row);
      return row;
    });
  }

  /** Stores the content address of an entry whose file was hashed. */
  setContent(row: EntryRow, { fileId, hashes, sha256 = null }: HashedContent): void {
    this.database.transaction(() => {
      this.table.setContent(row.rowId, fileId, sha256);
      this.table.setHashes(row.rowId, hashes);
    });
    this.hashedBytes.delete(row.id);
    this.announce('changed', { ...row, state: 'ready', fileId, sha256 });
  }

  /** Stores the SHA-256 of the whole file that was `row`, if it still is. */
  setSha256(row: EntryRow, sha256: string): void {
    const now = this.table.byRowId(row.rowId);
    if (now?.id !== row.id || now.trashedAt !== null || now.state !== 'ready' || !isSameFile(now, row)) return;
    this.table.setSha256(row.rowId, sha256);
    this.announce('changed', { ...now, sha256 });
  }

  /** Tells how far the hashing of an entry got. */
  progress(row: EntryRow, hashedBytes: number): void {
    this.hashedBytes.set(row.id, hashedBytes);
    this.announce('changed', row);
  }

  /**
   * Gives one entry another path in its scope; id, content and visibility stay. What was listed there is not any more.
   * @param isFolderRenamed it is still in the same folder, whose path is another one.
   */
  relocate(row: EntryRow, path: string, { isFolderRenamed = false } = {}): EntryRow {
    return this.database.transaction(() => {
      const inTheWay = this.table.at(row.scope, path);
      if (inTheWay && inTheWay.rowId !== row.rowId) this.remove(inTheWay);
      const { folder, name } = splitPath(path);
      const parent = this.ensureFolder(row.scope, folder);
      const mediaType = row.kind === 'folder' ? FOLDER_MEDIA_TYPE : lookup(name) || UNKNOWN_MEDIA_TYPE;
      const moved = { ...row, path, folder, mediaType };
      this.table.setPath(moved);
      const isInSameFolder = isFolderRenamed || folder === row.folder;
      const shown = isInSameFolder ? moved : this.visibilities.follow(moved, parent);
      this.announce('changed', shown);
      return shown;
    });
  }

  /** Takes the entry off the list. Should a file come back under its name in the share, it is shown to no more people than before. */
  remove(row: EntryRow): void {
    const audience = this.visibilities.audienceOf(row);
    this.database.transaction(() => {
      this.visibilities.keep(row);
      this.table.delete(row.rowId);
    });
    this.hashedBytes.delete(row.id);
    this.news.tellRemoved(row, audience);
  }

  /** Takes the entry off the list; its row stays, so that it can come back with id and hashes. */
  moveToTrash(row: EntryRow, trashedAt = Date.now()): void {
    this.table.setTrashed(row.rowId, trashedAt);
    this.hashedBytes.delete(row.id);
    this.news.tellRemoved(row, this.visibilities.audienceOf(row));
  }

  /** Puts an entry from the trash back on the list, at `path`. */
  restore(row: EntryRow, path: string): EntryRow {
    const { folder } = splitPath(path);
    const restored = { ...row, path, folder, trashedAt: null };
    this.database.transaction(() => {
      const inTheWay = this.table.at(row.scope, path); // a scan may have seen the file before us
      if (inTheWay) this.remove(inTheWay);
      this.ensureFolder(row.scope, folder);
      this.table.update(restored);
    });
    this.announce('added', restored);
    return restored;
  }

  /** The entry of a folder and of those above it; what a scan has not seen yet is added, it will tell the rest. */
  ensureFolder(scope: FileScope, path: string): EntryRow | undefined {
    if (path === '') return undefined;
    const known = this.table.at(scope, path);
    if (known?.kind === 'folder') return known;
    return this.insertFolder(scope, path, { mtime: Date.now(), inode: 0, birth: 0 }, known);
  }

  private insertFolder(scope: FileScope, path: string, identity: FolderIdentity, inTheWay?: EntryRow): EntryRow {
    return this.database.transaction(() => {
      if (inTheWay) this.remove(inTheWay);
      const state = 'ready';
      const found: FoundEntry = {
        ...{ scope, path, kind: 'folder', state, fileId: null, sha256: null, size: 0 },
        ...identity,
        mediaType: FOLDER_MEDIA_TYPE,
      };
      const row = this.insert(found);
      this.announce('added', row);
      return row;
    });
  }

  private insert(found: FoundEntry, former?: EntryRow): EntryRow {
    const parent = this.ensureFolder(found.scope, splitPath(found.path).folder);
    const shown = this.visibilities.ofNew(found, parent, former);
    const row = this.table.insert({
      ...found,
      id: randomUUIDv7(), // in the order of time, so that its index grows at its end
      addedAt: Date.now(),
      visibility: shown.visibility,
    });
    this.visibilities.setViewers(row, shown.viewers);
    return row;
  }

  private announce(type: 'added' | 'changed', row: EntryRow): void {
    this.news.tell(type, row, this.visibilities.audienceOf(row));
  }
}
