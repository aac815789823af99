import { randomUUID } from 'node:crypto';
import type { FileEntry, FileScope } from '@ferry/protocol';
import { lookup } from 'mime-types';
import type { Database } from '../database/database';
import { type FileIdentity, isSameFile } from '../disk/file-identity';
import { splitPath } from '../disk/root';
import { FileStoreError } from '../file-store-error';
import { EntryChanges } from './entry-changes';
import { type EntryRow, toFileEntry } from './entry-row';
import { EntryTable } from './entry-table';

/** Content address of a file and what it was computed from. */
export interface HashedContent {
  readonly fileId: string;
  /** 32 bytes a block, concatenated. */
  readonly hashes: Uint8Array;
}

const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

/** Every change of the list goes through here: row and event always belong together. */
export class EntryIndex {
  readonly changes = new EntryChanges();
  readonly table: EntryTable;
  private readonly hashedBytes = new Map<string, number>();

  constructor(private readonly database: Database) {
    this.table = new EntryTable(database);
  }

  /** @throws FileStoreError NOT_FOUND, also for what lies in the trash. */
  require(id: string): EntryRow {
    const row = this.table.get(id);
    if (!row || row.trashedAt !== null) throw new FileStoreError('NOT_FOUND', 'No such file');
    return row;
  }

  toEntry(row: EntryRow): FileEntry {
    return toFileEntry(row, this.hashedBytes.get(row.id));
  }

  /**
   * Notes a file as it was found on disk. Known content (unchanged, or this very file under another
   * name) keeps its hashes; everything else is `hashing`.
   */
  observe(scope: FileScope, path: string, identity: FileIdentity): EntryRow {
    const known = this.table.at(scope, path);
    if (known && isSameFile(known, identity)) return known;
    const twin = this.table.hashedAs(identity);
    const hashes = twin && this.table.hashes(twin.rowId);
    const content = twin?.fileId && hashes ? { fileId: twin.fileId, hashes } : undefined;
    return this.put(scope, path, identity, content);
  }

  /** Notes a file with (or, to be hashed, without) its content address, durably. */
  put(scope: FileScope, path: string, identity: FileIdentity, content?: HashedContent): EntryRow {
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
      const written = known ? { ...known, ...found } : this.insert(found);
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

  /** Writes a changed row and tells about it. */
  change(row: EntryRow): EntryRow {
    this.table.update(row);
    this.announce('changed', row);
    return row;
  }

  /** Tells how far the hashing of an entry got. */
  progress(row: EntryRow, hashedBytes: number): void {
    this.hashedBytes.set(row.id, hashedBytes);
    this.announce('changed', row);
  }

  /** Takes the entry off the list for good. */
  remove(row: EntryRow): void {
    this.table.delete(row.rowId);
    this.announceRemoved(row);
  }

  /** Takes the entry off the list; its row stays, so that it can come back with id and hashes. */
  moveToTrash(row: EntryRow): void {
    this.table.update({ ...row, trashedAt: Date.now() });
    this.announceRemoved(row);
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

  private insert(found: Omit<EntryRow, 'rowId' | 'id' | 'addedAt' | 'visibility' | 'trashedAt'>) {
    return this.table.insert({
      ...found,
      id: randomUUID(),
      addedAt: Date.now(),
      visibility: found.scope === 'shared' ? 'all-paired' : 'none',
    });
  }

  private announce(type: 'added' | 'changed', row: EntryRow): void {
    const entry = this.toEntry(row);
    this.database.afterCommit(() => this.changes.emit({ type, entry }));
  }

  private announceRemoved(row: EntryRow): void {
    this.hashedBytes.delete(row.id);
    const { id, scope } = row;
    this.database.afterCommit(() => this.changes.emit({ type: 'removed', id, scope }));
  }
}
