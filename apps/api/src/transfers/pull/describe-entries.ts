import { FileStoreError } from '@ferry/file-store';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { NewTransferFile } from '../transfers.repository';
import { fetchHead } from './manifest';

/** Questions under way at once: well below the 64 requests that a session may have open. */
const CONCURRENCY = 16;

/**
 * Asks the peer for path, size and content address of each entry; the order is kept.
 * @throws FileStoreError NOT_FOUND naming the entry that the peer does not offer; PeerError
 */
export async function describeEntries(
  session: PeerSession,
  entryIds: readonly string[],
  signal: AbortSignal,
): Promise<NewTransferFile[]> {
  const files: NewTransferFile[] = new Array<NewTransferFile>(entryIds.length);
  const queue = entryIds.entries();
  const worker = async (): Promise<void> => {
    for (const [place, entryId] of queue) files[place] = await describe(session, entryId, signal);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return files;
}

async function describe(session: PeerSession, entryId: string, signal: AbortSignal): Promise<NewTransferFile> {
  try {
    const { path, size, fileId } = await fetchHead(session, entryId, signal);
    return { entryId, path, size, fileId: fileId ?? null };
  } catch (error) {
    if (error instanceof PeerError && error.remoteCode === 'UNKNOWN_FILE')
      throw new FileStoreError('NOT_FOUND', `The peer does not offer an entry with the id ${entryId.slice(0, 64)}.`, {
        cause: error,
      });
    throw error;
  }
}
