import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ResumableRequest } from '../uploads/resumable-upload';
import type { StoreFolder } from './store-folder';

export const UPLOAD_LIMITS = { maxFileSize: 1_000_000, allowedExtensions: ['txt', 'bin'], blockedExtensions: ['exe'] };
/** What Ferry keeps in a share of its own. */
export const OURS = ['.ferry-staging', '.ferry-trash'];

/** What specs do with resumable uploads of the store that is open at the time. */
export function resumableIn(folder: () => StoreFolder) {
  const uploads = () => folder().store.resumable;
  return {
    /** @returns the id of an upload of ten bytes, unless asked for another. */
    begin: async (request: Partial<ResumableRequest> = {}) => {
      const id = randomUUID();
      const usual = { id, size: 10, path: 'digits.txt', onConflict: 'keep-both', metadata: '' } as const;
      await uploads().create({ ...usual, ...request });
      return id;
    },
    append: (id: string, offset: number, bytes: string | Uint8Array) =>
      uploads().append(id, offset, Readable.from([Buffer.from(bytes)])),
    finish: (id: string) => uploads().finish(id),
    names: () => folder().namesIn(folder().shared()),
    textOf: (path: string) => readFile(folder().shared(path), 'utf8'),
  };
}
