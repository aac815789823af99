import { FileStoreError } from '../file-store-error';

/** The last item of a page: where the next one goes on. */
export interface PageCursor {
  readonly sort: string;
  readonly key: string | number;
  readonly id: string;
}

const MAX_CURSOR_CHARS = 2_048;

/** Opaque to clients: base64url of JSON. */
export function encodeCursor({ sort, key, id }: PageCursor): string {
  return Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
}

/** @throws FileStoreError BAD_CURSOR when it is none of ours, or one of another sort. */
export function decodeCursor(cursor: string, sort: string): PageCursor {
  const value = cursor.length > MAX_CURSOR_CHARS ? undefined : parse(cursor);
  if (Array.isArray(value) && value.length === 3) {
    const [cursorSort, key, id] = value as unknown[];
    const keyType = /^-?name$/.test(sort) ? 'string' : 'number';
    if (cursorSort === sort && typeof key === keyType && typeof id === 'string') {
      return { sort, key: key as string | number, id };
    }
  }
  throw new FileStoreError('BAD_CURSOR', 'The cursor does not belong to this list');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
