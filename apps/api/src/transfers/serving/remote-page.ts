import {
  countFittingEntries,
  DEFAULT_PAGE_LIMIT,
  type FileEntry,
  type FilesListResponse,
  type Page,
  type RemoteEntry,
} from '@ferry/protocol';

/** A page of the share that fits one control frame: fewer entries than `wanted` where their names are long. */
export function fitPage(list: (limit: number) => Page<FileEntry>, wanted = DEFAULT_PAGE_LIMIT): FilesListResponse {
  const page = toResponse(list(wanted));
  const fitting = countFittingEntries(page.entries);
  return fitting === page.entries.length ? page : toResponse(list(fitting));
}

function toResponse({ items, nextCursor, total }: Page<FileEntry>): FilesListResponse {
  return { entries: items.map(toRemoteEntry), nextCursor, total };
}

/** What a peer may know of an entry. */
export function toRemoteEntry(entry: FileEntry): RemoteEntry {
  const { id, name, path, size, mediaType, modifiedAt, kind, state, fileId } = entry;
  return { id, name, path, size, mediaType, modifiedAt, kind, state, ...(fileId !== undefined && { fileId }) };
}
