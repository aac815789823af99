import {
  FEATURES,
  MAX_LIST_ENTRIES,
  parseFilesListResponse,
  PATTERNS,
  ProtocolError,
  type FilesListResponse,
  type RemoteEntry,
} from '@ferry/protocol';
import type { PeerSession } from '../../transport/peer-session';
import { tooManyFiles } from '../drafts/transfer-draft';
import { MAX_LISTED_ENTRIES } from '../drafts/listed-entries';

/** A folder of a peer. */
export interface RemoteFolder {
  readonly id: string;
  readonly path: string;
}

/**
 * Everything that a peer lists below one of its folders, page by page; each page is checked before it is handed out. What is
 * gone from its disk is left out.
 * @throws ProtocolError MALFORMED_MESSAGE for a list that cannot be true; PeerError; TransferError TOO_MANY_FILES; the signal's reason.
 */
export async function* folderPages(
  session: PeerSession,
  folder: RemoteFolder,
  signal: AbortSignal,
): AsyncGenerator<readonly RemoteEntry[]> {
  if (!session.remoteHello.features.includes(FEATURES.folders)) contradiction('a folder of a device that has none');
  let cursor: string | null = null;
  do {
    const request = { within: folder.id, limit: MAX_LIST_ENTRIES, ...(cursor !== null && { cursor }) };
    const page: FilesListResponse = parseFilesListResponse(await session.request(PATTERNS.filesList, request, signal));
    checkPage(page, folder);
    yield page.entries.filter(({ state }) => state !== 'missing');
    cursor = page.nextCursor;
  } while (cursor !== null);
}

function checkPage({ entries, nextCursor, total }: FilesListResponse, { path }: RemoteFolder): void {
  if (total > MAX_LISTED_ENTRIES) throw tooManyFiles();
  if (entries.length === 0 && nextCursor !== null) contradiction('a page without entries is not the last');
  const outside = entries.find((entry) => !entry.path.startsWith(`${path}/`));
  if (outside) contradiction('an entry lies outside of the folder');
}

function contradiction(what: string): never {
  throw new ProtocolError('MALFORMED_MESSAGE', `the list of a folder cannot be true: ${what}`);
}
