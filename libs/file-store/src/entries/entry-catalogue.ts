import type { EntryVisibility, FileEntry, FileScope, Page } from '@ferry/protocol';
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

  /** Any entry with this content (and visibility), shared ones first. */
  findByFileId(fileId: string, scope: FileScope | 'all' = 'all', visibility?: EntryVisibility): FileEntry | undefined {
    const scopes: FileScope[] = scope === 'all' ? ['shared', 'received'] : [scope];
    for (const each of scopes) {
      const row = this.index.table.byFileId(fileId, each, visibility);
      if (row) return this.index.toEntry(row);
    }
    return undefined;
  }

  /** Number and bytes of all files of the scope. */
  totals(scope: FileScope | 'all'): { files: number; bytes: number } {
    if (scope !== 'all') return this.index.table.totals(scope);
    const [shared, received] = [this.totals('shared'), this.totals('received')];
    return { files: shared.files + received.files, bytes: shared.bytes + received.bytes };
  }

  /**
   * The entry and its block hashes, 32 bytes each, concatenated; the caller owns the array.
   * @throws FileStoreError NOT_FOUND, NOT_READY while the file is being hashed.
   */
  manifest(id: string): { entry: FileEntry; hashes: Uint8Array } {
    const row = this.index.require(id);
    const hashes = row.state === 'ready' ? this.index.table.hashes(row.rowId) : undefined;
    if (!hashes) throw new FileStoreError('NOT_READY', 'The file is still being hashed');
    return { entry: this.index.toEntry(row), hashes };
  }

  /**
   * Sets who may see the entry.
   * @throws FileStoreError NOT_FOUND
   */
  setVisibility(id: string, visibility: EntryVisibility): FileEntry {
    return this.index.toEntry(this.index.change({ ...this.index.require(id), visibility }));
  }

  /**
   * Calls `listener` after each committed change; it must not throw.
   * @returns the function that ends the subscription.
   */
  onChange(listener: EntryChangeListener): () => void {
    return this.index.changes.onChange(listener);
  }
}
