import type { EntryKind, EntryState } from '../http/files';
import {
  MAX_CONTROL_BYTES,
  MAX_CURSOR_CHARS,
  MAX_ENTRY_PATH_CHARS,
  MAX_LIST_ENTRIES,
  MAX_QUERY_CHARS,
} from '../limits';
import { ENTRY_ID_RULE, type EntryDescription, FILE_ID_RULE, readEntryDescription } from './entry-fields';
import { MessageReader } from './message-reader';

/** Data of the request `files.list`: one page of what the responder shares with the requester. */
export interface FilesListRequest {
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** 1..1000; the responder may answer fewer. */
  readonly limit?: number;
  /** Case-insensitive part of the name. */
  readonly q?: string;
  /** `name`, `size`, `modifiedAt` or `addedAt`, descending with a leading `-`. */
  readonly sort?: string;
  /** Path of a folder, `''` for the top: only what lies directly in it. Not together with `within`. */
  readonly folder?: string;
  /** Id of a folder: everything below it, at any depth. */
  readonly within?: string;
  readonly kind?: EntryKind;
}

/** One entry of the remote's share. */
export interface RemoteEntry extends EntryDescription {
  /** Local to the remote. */
  readonly id: string;
  /** Bytes; of a folder 0, as what lies in it is listed by itself. */
  readonly size: number;
  /** What is not known is read as `folder`. */
  readonly kind: EntryKind;
  /** What is not known is read as `missing`. */
  readonly state: EntryState;
  /** Content address, 64 lower-case hex digits; present once hashed. */
  readonly fileId?: string;
}

/** Answer to `files.list`. */
export interface FilesListResponse {
  readonly entries: readonly RemoteEntry[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
  /** Entries in the whole list under the same filter. */
  readonly total: number;
}

export const CURSOR_RULE = { min: 1, max: MAX_CURSOR_CHARS };
const SORT_RULE = { max: 16, pattern: /^-?(name|size|modifiedAt|addedAt)$/ };
const KIND_RULE = { max: 16, pattern: /^(file|folder)$/ };
export const KINDS = ['file', 'folder'] as const satisfies readonly EntryKind[];
const STATES = ['hashing', 'ready', 'missing'] as const satisfies readonly EntryState[];

/** Room left beside the entries for cursor, total and the frame's own members. */
const PAGE_OVERHEAD_BYTES = 4_096;

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseFilesListRequest(value: unknown): FilesListRequest {
  const reader = new MessageReader('FilesListRequest', value);
  const cursor = reader.optionalText('cursor', CURSOR_RULE);
  const limit = reader.optionalInteger('limit', 1, MAX_LIST_ENTRIES);
  const q = reader.optionalText('q', { max: MAX_QUERY_CHARS });
  const sort = reader.optionalText('sort', SORT_RULE);
  const folder = reader.optionalText('folder', { max: MAX_ENTRY_PATH_CHARS });
  const within = reader.optionalText('within', ENTRY_ID_RULE);
  const kind = reader.optionalText('kind', KIND_RULE) as EntryKind | undefined;
  if (folder !== undefined && within !== undefined) reader.fail('within', 'does not go with folder');
  return {
    ...(cursor === undefined ? {} : { cursor }),
    ...(limit === undefined ? {} : { limit }),
    ...(q === undefined ? {} : { q }),
    ...(sort === undefined ? {} : { sort }),
    ...(folder === undefined ? {} : { folder }),
    ...(within === undefined ? {} : { within }),
    ...(kind === undefined ? {} : { kind }),
  };
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseFilesListResponse(value: unknown): FilesListResponse {
  const reader = new MessageReader('FilesListResponse', value);
  return {
    entries: reader.list('entries', MAX_LIST_ENTRIES).map(parseRemoteEntry),
    nextCursor: reader.value('nextCursor') === null ? null : reader.text('nextCursor', CURSOR_RULE),
    total: reader.integer('total', 0, Number.MAX_SAFE_INTEGER),
  };
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseRemoteEntry(value: unknown): RemoteEntry {
  const reader = new MessageReader('RemoteEntry', value);
  const fileId = reader.optionalText('fileId', FILE_ID_RULE);
  return {
    id: reader.text('id', ENTRY_ID_RULE),
    ...readEntryDescription(reader),
    size: reader.integer('size', 0, Number.MAX_SAFE_INTEGER),
    kind: reader.oneOf('kind', KINDS, 'folder'),
    state: reader.oneOf('state', STATES, 'missing'),
    ...(fileId === undefined ? {} : { fileId }),
  };
}

/** How many of `entries`, from the first, fit into one RESPONSE of `files.list`: at least 1 unless there is none. */
export function countFittingEntries(entries: readonly RemoteEntry[]): number {
  const encoder = new TextEncoder();
  let room = MAX_CONTROL_BYTES - PAGE_OVERHEAD_BYTES;
  const overflow = entries.findIndex((entry) => {
    room -= encoder.encode(JSON.stringify(entry)).length + 1;
    return room < 0;
  });
  return overflow === -1 ? entries.length : Math.max(overflow, 1);
}
