import { FileStoreError } from '@ferry/file-store';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { DraftEntry } from '../drafts/transfer-draft';
import { fetchHead } from './manifest';

/** Questions under way at once: well below the 64 requests that a session may have open. */
const CONCURRENCY = 16;

/** Time the peer has to describe all the entries of a new transfer. docs/LIMITS.md. */
export const DESCRIBE_TIMEOUT_MS = 30_000;

/**
 * Asks the peer for kind, path, size and content address of each entry; the order is kept.
 * @throws FileStoreError NOT_FOUND naming the entry that the peer does not offer; PeerError TIMEOUT and others.
 */
export async function describeEntries(
  session: PeerSession,
  entryIds: readonly string[],
  timeoutMs = DESCRIBE_TIMEOUT_MS,
): Promise<DraftEntry[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  const entries: DraftEntry[] = new Array<DraftEntry>(entryIds.length);
  const queue = entryIds.entries();
  const worker = async (): Promise<void> => {
    for (const [place, entryId] of queue) entries[place] = await describe(session, entryId, signal);
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  } catch (error) {
    if (error !== signal.reason) throw error;
    const what = `The other device did not describe the files within ${timeoutMs / 1000} seconds.`;
    throw new PeerError('TIMEOUT', what, { cause: error });
  }
  return entries;
}

/** The peer does not know the entry, or does not show it. */
export function unknownEntry(entryId: string, cause: unknown): FileStoreError {
  return new FileStoreError('NOT_FOUND', `The peer does not offer an entry with the id ${entryId.slice(0, 64)}.`, {
    cause,
  });
}

async function describe(session: PeerSession, id: string, signal: AbortSignal): Promise<DraftEntry> {
  try {
    const { path, kind, size, fileId } = await fetchHead(session, id, signal);
    return { id, path, kind, size, ...(fileId !== undefined && { fileId }) };
  } catch (error) {
    throw error instanceof PeerError && error.remoteCode === 'UNKNOWN_FILE' ? unknownEntry(id, error) : error;
  }
}
