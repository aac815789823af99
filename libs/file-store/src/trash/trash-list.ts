import { DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT, type Page, type TrashItem } from '@ferry/protocol';
import { decodeCursor, encodeCursor } from '../entries/cursor';
import type { EntryIndex } from '../entries/entry-index';
import type { TrashPlace, TrashRow, TrashTable } from './trash-table';

/** Query of `FileStore.trashed`. */
export interface TrashQuery {
  /** 1..1000; default 100. */
  readonly limit?: number;
  readonly cursor?: string;
}

const SORT = '-trashedAt';

/**
 * One page of what is in the trash of these folders, the newest first, read by keyset.
 * @param retentionMs after which it is deleted for good; 0 = never.
 * @throws FileStoreError BAD_CURSOR
 */
export function listTrash(
  table: TrashTable,
  index: EntryIndex,
  places: readonly TrashPlace[],
  retentionMs: number,
  query: TrashQuery,
): Page<TrashItem> {
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? DEFAULT_PAGE_LIMIT), 1), MAX_PAGE_LIMIT);
  const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, SORT);
  const after = cursor && { deletedAt: Number(cursor.key), rowId: Number(cursor.id) };
  const rows = table.page(places, after, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => toTrashItem(index, row, retentionMs)),
    nextCursor:
      last && rows.length > limit ? encodeCursor({ sort: SORT, key: last.deletedAt, id: String(last.rowId) }) : null,
    total: table.totals(places).items,
  };
}

function toTrashItem(index: EntryIndex, row: TrashRow, retentionMs: number): TrashItem {
  return {
    ...index.toEntry(row),
    trashedAt: new Date(row.deletedAt).toISOString(),
    ...(retentionMs > 0 ? { purgedAt: new Date(row.deletedAt + retentionMs).toISOString() } : {}),
  };
}
