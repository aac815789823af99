import type { Page, TrashItem } from '@ferry/protocol';
import type { EntryIndex } from '../entries/entry-index';
import { FileStoreError } from '../file-store-error';
import type { Trash } from './trash';
import { type TrashQuery, listTrash } from './trash-list';
import { TrashRetention } from './trash-retention';

export interface TrashBinOptions {
  readonly index: EntryIndex;
  /** Those of the folders that are open now. */
  readonly trashes: () => readonly Trash[];
  /** Milliseconds after which things are deleted for good; 0 = never. */
  readonly retentionMs: number;
  /** Told of what could not be deleted. */
  readonly onFailure: (reason: string) => void;
}

/** The trash of all folders as the rest of the node sees it. */
export class TrashBin {
  private readonly listeners = new Set<() => void>();
  private readonly retention: TrashRetention;

  constructor(private readonly options: TrashBinOptions) {
    this.retention = new TrashRetention(options);
  }

  /** One page, the newest first. @throws FileStoreError BAD_CURSOR */
  list(query: TrashQuery = {}): Page<TrashItem> {
    const { index, trashes } = this.options;
    const [trash] = trashes();
    const places = trashes().map(({ place }) => place);
    if (!trash) return { items: [], nextCursor: null, total: 0 };
    return listTrash(trash.table, index, places, this.retention.retentionMs, query);
  }

  /** Number of items, and their bytes. */
  totals(): { items: number; bytes: number } {
    const trashes = this.options.trashes();
    return trashes[0]?.table.totals(trashes.map(({ place }) => place)) ?? { items: 0, bytes: 0 };
  }

  /** Deletes one item for good. @throws FileStoreError NOT_FOUND, FOLDER_UNUSABLE, IO: then the rest of it stays. */
  async purge(entryId: string): Promise<void> {
    const { trash, rowId } = this.find(entryId);
    await trash.purge(rowId);
  }

  /** Deletes all of it for good. @throws as `purge`, after everything that could be deleted was. */
  purgeAll(): Promise<void> {
    return this.retention.purgeAll();
  }

  /** @param retentionMs after which things are deleted for good, from now on; 0 = never. Resolves when what is too old is deleted. */
  setRetention(retentionMs: number): Promise<void> {
    return this.retention.set(retentionMs);
  }

  /** Calls `listener` after each change; it must not throw. @returns the function that ends the subscription. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @internal */
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  /** Ends after the item that is being deleted. */
  async close(): Promise<void> {
    await this.retention.close();
  }

  private find(entryId: string): { trash: Trash; rowId: number } {
    const row = this.options.index.table.get(entryId);
    const trash = this.options.trashes().find(({ place }) => place.scope === row?.scope);
    if (!row || row.trashedAt === null || !trash) throw new FileStoreError('NOT_FOUND', 'It is not in the trash');
    return { trash, rowId: row.rowId };
  }
}
