import { HASH_BYTES, type EntryVisibility, type FileEntry, type FileScope, type Page } from '@ferry/protocol';
import type { Database } from '../database/database';
import { FileStoreError } from '../file-store-error';
import type { EntryChangeListener } from './entry-changes';
import type { EntryIndex } from './entry-index';
import type { EntryRow } from './entry-row';
import { type EntryQuery, queryPage } from './entry-page';

const PAGE_BELOW = 512;

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
    return { ...page, items: items.map((row) => this.index.toEntry(this.asSeenBy(row, query.viewer))) };
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

  /** What is still to be hashed, of both scopes. */
  unhashed(): { files: number; bytes: number } {
    return this.index.backlog.totals();
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
   * Everything below a folder, at any depth, in the order of the paths: pages of at most 512, read when they are asked for.
   * What changes meanwhile may be given or not.
   * @param viewer device id of a peer: only what it may see.
   * @throws FileStoreError NOT_FOUND
   */
  async *below(folderId: string, viewer?: string): AsyncGenerator<readonly FileEntry[], void, undefined> {
    const { scope, path } = this.index.require(folderId);
    for (let after = '', isFull = true; isFull;) {
      const rows = this.index.table.below(scope, path, after, PAGE_BELOW, viewer);
      after = rows.at(-1)?.path ?? after;
      isFull = rows.length === PAGE_BELOW;
      if (rows.length > 0) yield rows.map((row) => this.index.toEntry(this.asSeenBy(row, viewer)));
    }
  }

  /** The listed entry at a path. */
  at(scope: FileScope, path: string): FileEntry | undefined {
    const row = this.index.table.at(scope, path);
    return row && this.index.toEntry(row);
  }

  /**
   * Sets who may see the entry, durably; of a folder also everything below it, which takes its time: the folder itself and
   * what comes into it follow at once.
   * @param visibleTo device ids, for `chosen` only.
   * @throws FileStoreError NOT_FOUND
   */
  async setVisibility(id: string, visibility: EntryVisibility, visibleTo: readonly string[] = []): Promise<FileEntry> {
    return this.index.toEntry(await this.index.visibilities.show(this.index.require(id), visibility, visibleTo));
  }

  /**
   * Shows the peer no `chosen` entry any more, those in the trash included. That is durable when the call returns;
   * it resolves when the listeners were told of each entry.
   */
  forgetViewer(peerId: string): Promise<void> {
    return this.index.visibilities.forgetViewer(peerId);
  }

  /**
   * Calls `listener` after each committed change; it must not throw.
   * @returns the function that ends the subscription.
   */
  onChange(listener: EntryChangeListener): () => void {
    return this.index.changes.onChange(listener);
  }

  /** The numbers of a folder tell a peer nothing of what is hidden from it. */
  private asSeenBy(row: EntryRow, viewer: string | undefined): EntryRow {
    if (row.kind === 'file' || viewer === undefined) return row;
    const { files, bytes } = this.index.table.hiddenBelow(row, viewer);
    return files === 0 ? row : { ...row, size: row.size - bytes, fileCount: row.fileCount - files };
  }
}
