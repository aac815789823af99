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
  /** Bytes. */
  readonly size: number;
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
}

export interface UpdateFileRequest {
  readonly visibility: EntryVisibility;
  /** Device ids of paired peers; required for `chosen`, refused for the others. */
  readonly visibleTo?: readonly string[];
}
