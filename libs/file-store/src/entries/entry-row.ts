import type { EntryKind, EntryState, EntryVisibility, FileEntry, FileScope } from '@ferry/protocol';
import { splitPath } from '../disk/root';
import type { FileIdentity } from '../disk/file-identity';

/** One row of table `entry`. */
export interface EntryRow extends FileIdentity {
  readonly rowId: number;
  readonly id: string;
  readonly scope: FileScope;
  readonly kind: EntryKind;
  readonly path: string;
  /** Path of the folder it lies in, `''` at the top. */
  readonly folder: string;
  readonly addedAt: number;
  readonly mediaType: string;
  readonly state: EntryState;
  readonly fileId: string | null;
  /** Of the whole file, lower-case hex. */
  readonly sha256: string | null;
  /** Of a folder: files anywhere below it, as `size` is their bytes. Of a file 0. */
  readonly fileCount: number;
  /** Of a folder: when it was made (milliseconds), 0 when the file system does not know. Of a file 0. */
  readonly birth: number;
  readonly visibility: EntryVisibility;
  readonly trashedAt: number | null;
}

/** The columns of an `EntryRow`, named as its fields. */
export const ENTRY_COLUMNS = `row_id AS rowId, id, scope, kind, path, folder, size, mtime, inode, added_at AS addedAt,
  media_type AS mediaType, state, file_id AS fileId, sha256, file_count AS fileCount, birth, visibility, trashed_at AS trashedAt`;

export const FOLDER_MEDIA_TYPE = 'inode/directory';

const MAX_DATE_MS = 8_640_000_000_000_000;

/** Who may see what is new in a scope: what lies in the share is there to be seen, what was received is not shared on. */
export const DEFAULT_VISIBILITY: Readonly<Record<FileScope, EntryVisibility>> = {
  shared: 'all-paired',
  received: 'none',
};

/**
 * What the outside sees of a row.
 * @param viewers whom a `chosen` entry is shown to.
 */
export function toFileEntry(row: EntryRow, viewers: readonly string[], hashedBytes?: number): FileEntry {
  return {
    id: row.id,
    name: splitPath(row.path).name,
    path: row.path,
    size: row.size,
    mediaType: row.mediaType,
    modifiedAt: isoDate(row.mtime),
    addedAt: isoDate(row.addedAt),
    scope: row.scope,
    kind: row.kind,
    state: row.state,
    ...(row.fileId === null ? {} : { fileId: row.fileId }),
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
    ...(row.kind === 'folder' ? { fileCount: row.fileCount } : {}),
    visibility: row.visibility,
    ...(row.visibility === 'chosen' ? { visibleTo: viewers } : {}),
    ...(row.state === 'hashing' ? { hashedBytes: hashedBytes ?? 0 } : {}),
  };
}

/** Files can carry times that no Date can hold. */
function isoDate(timeMs: number): string {
  return new Date(Math.min(Math.max(timeMs, -MAX_DATE_MS), MAX_DATE_MS)).toISOString();
}
