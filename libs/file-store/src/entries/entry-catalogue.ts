import { HASH_BYTES, type EntryVisibility, type FileEntry, type FileScope, type Page } from '@ferry/protocol';
import type { Database } from '../database/database';
import { FileStoreError } from '../file-store-error';
import type { EntryChangeListener } from './entry-changes';
import type { EntryIndex } from './entry-index';
import { type EntryQuery, queryPage } from './entry-page';

/** The list of shared and received files as the rest of the node sees it. */
export class EntryCatalogue {
  constructor(
    private readonly database: Database,
    private readonly index: EntryIndex,
  ) {}

  /**
   * One page of the list, read by keyset in SQL.
   * @throws FileStoreError BAD_CURSOR for an unknown sort or a cursor of another list.
   */
  list(query: EntryQuery): Page<FileEntry> {
    const { items, ...page } = queryPage(this.database, query);
    return { ...page, items: items.map((row) => this.index.toEntry(row)) };
  }

  /** @throws FileStoreError NOT_FOUND, also for what lies in the trash. */
  get(id: string): FileEntry {
    return this.index.toEntry(this.index.require(id));
  }

  /**
   * Any entry with this content, shared ones first.
   * @param viewer device id of a peer: only what it may see.
   */
  findByFileId(fileId: string, scope: FileScope | 'all' = 'all', viewer?: string): FileEntry | undefined {
    const scopes: FileScope[] = scope === 'all' ? ['shared', 'received'] : [scope];
    for (const each of scopes) {
      const row = this.index.table.byFileId(fileId, each, viewer);
      if (row) return this.index.toEntry(row);
    }
    return undefined;
  }

  /** Ids of all entries with this content, in no order. */
  idsByFileId(fileId: string): string[] {
    return this.index.table.idsByFileId(fileId);
  }

  /** Number and bytes of all files of the scope. */
  totals(scope: FileScope | 'all'): { files: number; bytes: number } {
    if (scope !== 'all') return this.index.table.totals(scope);
    const [shared, received] = [this.totals('shared'), this.totals('received')];
    return { files: shared.files + received.files, bytes: shared.bytes + received.bytes };
  }

  /**
   * Hashes of blocks of the entry, 32 bytes each, concatenated; fewer where the file ends. The caller owns the array.
   * @throws FileStoreError NOT_FOUND, NOT_READY while the file is being hashed.
   */
  blockHashes(id: string, firstBlock: number, count: number): Uint8Array {
    const { rowId, state } = this.index.require(id);
    const hashes =
      state === 'ready' ? this.index.table.hashRange(rowId, firstBlock * HASH_BYTES, count * HASH_BYTES) : undefined;
    if (!hashes) throw new FileStoreError('NOT_READY', 'The file is still being hashed');
    return hashes;
  }

  /**
   * Sets who may see the entry, durably.
   * @param visibleTo device ids, for `chosen` only.
   * @throws FileStoreError NOT_FOUND
   */
  setVisibility(id: string, visibility: EntryVisibility, visibleTo: readonly string[] = []): FileEntry {
    return this.index.toEntry(this.index.show(this.index.require(id), visibility, visibleTo));
  }

  /**
   * Shows the peer no `chosen` entry any more, those in the trash included. That is durable when the call returns;
   * it resolves when the listeners were told of each entry.
   */
  forgetViewer(peerId: string): Promise<void> {
    return this.index.forgetViewer(peerId);
  }

  /**
   * Calls `listener` after each committed change; it must not throw.
   * @returns the function that ends the subscription.
   */
  onChange(listener: EntryChangeListener): () => void {
    return this.index.changes.onChange(listener);
  }
}
