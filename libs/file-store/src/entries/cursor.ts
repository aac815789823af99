import { FileStoreError } from '../file-store-error';

/** The last item of a page: where the next one goes on. */
export interface PageCursor {
  readonly sort: string;
  readonly key: string | number;
  readonly id: string;
}

const MAX_CURSOR_CHARS = 2_048;
/** In no file name. */
const SEPARATOR = '\0';

/** Opaque to clients: base64url of sort, key and id. Short also for names full of what JSON would escape. */
export function encodeCursor({ sort, key, id }: PageCursor): string {
  return Buffer.from([sort, key, id].join(SEPARATOR)).toString('base64url');
}

/** @throws FileStoreError BAD_CURSOR when it is none of ours, or one of another sort. */
export function decodeCursor(cursor: string, sort: string): PageCursor {
  const parts = cursor.length > MAX_CURSOR_CHARS ? [] : Buffer.from(cursor, 'base64url').toString().split(SEPARATOR);
  const [cursorSort, text = '', id] = parts;
  const key = /^-?(name|type)$/.test(sort) ? text : Number(text);
  if (parts.length === 3 && cursorSort === sort && text !== '' && !Number.isNaN(key) && id) return { sort, key, id };
  throw new FileStoreError('BAD_CURSOR', 'The cursor does not belong to this list');
}
