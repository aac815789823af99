import type { ListQuery } from './lists';

/** Where an entry lives: offered by this device, or received by it. */
export type FileScope = 'shared' | 'received';

export type EntryKind = 'file' | 'folder';

/** `hashing`: listed, content address not known yet; `missing`: gone from the disk since the last scan. */
export type EntryState = 'hashing' | 'ready' | 'missing';

/** Who may see an entry: every paired peer, those in `visibleTo`, or nobody. */
export type EntryVisibility = 'all-paired' | 'chosen' | 'none';

/** One entry of a share or of the received files. Source: DESIGN section 6. */
export interface FileEntry {
  /** Local to its device; what requests take as `entryIds`. */
  readonly id: string;
  readonly name: string;
  /** `/`-separated, relative to the root of its scope; ends with `name`. */
  readonly path: string;
  /** Bytes; of a folder those of all files below it. */
  readonly size: number;
  /** `inode/directory` of a folder. */
  readonly mediaType: string;
  /** ISO 8601. */
  readonly modifiedAt: string;
  /** ISO 8601. */
  readonly addedAt: string;
  readonly scope: FileScope;
  readonly kind: EntryKind;
  readonly state: EntryState;
  /** Content address, 64 lower-case hex digits; present once hashed. */
  readonly fileId?: string;
  readonly visibility: EntryVisibility;
  /** Device ids, present when `visibility` is `chosen`. */
  readonly visibleTo?: readonly string[];
  /** Bytes hashed so far, only while `state` is `hashing`. */
  readonly hashedBytes?: number;
  /** SHA-256 of the whole file as `sha256sum` prints it, 64 lower-case hex digits; computed in the background after `fileId`. */
  readonly sha256?: string;
  /** Files anywhere below; present of folders, and only of them. */
  readonly fileCount?: number;
}

/** Query of `GET /files` and `GET /peers/{id}/files`. */
export interface FileListQuery extends ListQuery {
  /** Path of a folder, `''` for the top: only what lies directly in it, folders first. Absent: everything at any depth. */
  readonly folder?: string;
  readonly kind?: EntryKind;
}

/** What is absent stays as it is. */
export interface UpdateFileRequest {
  /** New name in the same folder; never one that is taken (`name-conflict`). */
  readonly name?: string;
  /** Of a folder: of everything below it, too. */
  readonly visibility?: EntryVisibility;
  /** Device ids of paired peers; required for `chosen`, refused for the others. */
  readonly visibleTo?: readonly string[];
}

/** What happens when a file of that name is there already. `replace` moves the old one to the trash. */
export const CONFLICT_RULES = ['keep-both', 'replace', 'skip'] as const;

export type ConflictRule = (typeof CONFLICT_RULES)[number];

/** `POST /folders`: makes a folder in the share; folders on the way to it are made as well. */
export interface CreateFolderRequest {
  readonly path: string;
}

/** A file or folder in the trash; what lay in a deleted folder is not listed by itself. */
export interface TrashItem extends FileEntry {
  /** ISO 8601. */
  readonly trashedAt: string;
  /** ISO 8601: when it is deleted for good; absent when that never happens by itself. */
  readonly purgedAt?: string;
}

/** Something in a folder that is not listed, and why. */
export interface SkippedObject {
  readonly scope: FileScope;
  /** What is not valid UTF-8 has U+FFFD in it. */
  readonly path: string;
  /** In words, for example `symbolic link`. */
  readonly reason: string;
}

/** `GET /files/skipped`. */
export interface SkippedObjects {
  /** The first 1,000. */
  readonly items: readonly SkippedObject[];
  readonly total: number;
}

/** `POST /archives`: prepares one zip of files and folders (with all below them). */
export interface CreateArchiveRequest {
  readonly entryIds: readonly string[];
}

/** A zip that can be downloaded from `url` until `expiresAt`; nothing of it is stored. */
export interface Archive {
  readonly id: string;
  /** Suggested file name, ends with `.zip`. */
  readonly name: string;
  /** Path of the download on this node. */
  readonly url: string;
  readonly files: number;
  /** Bytes of the zip itself: it is not compressed, so that is known before. */
  readonly size: number;
  /** ISO 8601. */
  readonly expiresAt: string;
}
