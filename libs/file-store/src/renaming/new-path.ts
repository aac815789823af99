import { splitPath } from '../disk/root';
import type { EntryRow } from '../entries/entry-row';
import { FileStoreError } from '../file-store-error';
import { MAX_PATH_BYTES } from '../limits';
import { type AcceptLimits, acceptIncoming, safePath } from '../names/accept';
import { possibleExtensions } from '../names/extension';

/**
 * The path of an entry under another name in its folder: name policy always, extension filter where the extension changes.
 * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED
 */
export function newPathOf(row: EntryRow, name: string, limits: AcceptLimits): string {
  if (name.includes('/')) throw new FileStoreError('UNSAFE_NAME', 'A name holds no /');
  const safe = safePath(name);
  const former = new Set(possibleExtensions(splitPath(row.path).name));
  const isSameType = possibleExtensions(name).every((extension) => former.has(extension));
  if (row.kind === 'file' && !isSameType) acceptIncoming({ path: name, size: 0 }, limits);
  const path = row.folder === '' ? safe : `${row.folder}/${safe}`;
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return path;
  throw new FileStoreError('UNSAFE_NAME', `The path would be longer than ${MAX_PATH_BYTES} bytes`);
}
