import {
  countFittingEntries,
  DEFAULT_PAGE_LIMIT,
  type FileEntry,
  type FilesListResponse,
  type Page,
  type RemoteEntry,
} from '@ferry/protocol';

/** Entries that fit one control frame as a rule, at about 300 bytes each: reading more would mean reading twice. */
const USUAL_FIT = 200;

/** A page of the share that fits one control frame: fewer entries than `wanted` where that are many, or their names are long. */
export function fitPage(list: (limit: number) => Page<FileEntry>, wanted = DEFAULT_PAGE_LIMIT): FilesListResponse {
  const page = toResponse(list(Math.min(wanted, USUAL_FIT)));
  const fitting = countFittingEntries(page.entries);
  return fitting === page.entries.length ? page : toResponse(list(fitting));
}

function toResponse({ items, nextCursor, total }: Page<FileEntry>): FilesListResponse {
  return { entries: items.map(toRemoteEntry), nextCursor, total };
}

/** What a peer may know of an entry. Size and time of a folder would tell of what lies in it and is not shown to the peer. */
export function toRemoteEntry(entry: FileEntry): RemoteEntry {
  const { id, name, path, mediaType, kind, state, fileId } = entry;
  const isFolder = kind === 'folder';
  const size = isFolder ? 0 : entry.size;
  const modifiedAt = isFolder ? entry.addedAt : entry.modifiedAt;
  return { id, name, path, size, mediaType, modifiedAt, kind, state, ...(fileId !== undefined && { fileId }) };
}
