import { FileStoreError } from '@ferry/file-store';
import { DEFAULT_PAGE_LIMIT, type OfferFilesResponse, type Page, type RemoteEntry } from '@ferry/protocol';
import type { PageCursor } from '../transfer-pages';

/**
 * A page as long as our client wants it, out of pages as long as the peer makes them. Our cursor is how much of a page of the
 * peer was given out, and the peer's cursor of that page.
 * @throws FileStoreError BAD_CURSOR
 */
export async function slicePage(
  { cursor, limit = DEFAULT_PAGE_LIMIT }: PageCursor,
  fetch: (cursor: string | null) => Promise<OfferFilesResponse>,
  onShown: (entries: readonly RemoteEntry[]) => void,
): Promise<Omit<Page<RemoteEntry>, 'total'>> {
  const { skip, inner } = cursor === undefined ? { skip: 0, inner: null } : parse(cursor);
  const page = await fetch(inner);
  const items = page.entries.slice(skip, skip + limit);
  onShown(items);
  const end = skip + items.length;
  if (end < page.entries.length) return { items, nextCursor: format(end, inner) };
  return { items, nextCursor: page.nextCursor === null ? null : format(0, page.nextCursor) };
}

function format(skip: number, inner: string | null): string {
  return `${skip}:${inner ?? ''}`;
}

function parse(cursor: string): { skip: number; inner: string | null } {
  const [, skip, inner] = /^(\d{1,4}):(.*)$/s.exec(cursor) ?? [];
  if (skip === undefined || inner === undefined)
    throw new FileStoreError('BAD_CURSOR', 'The cursor does not belong to this list.');
  return { skip: Number(skip), inner: inner === '' ? null : inner };
}
