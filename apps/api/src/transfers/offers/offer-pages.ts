import {
  parseOfferFilesResponse,
  PATTERNS,
  ProtocolError,
  type OfferFilesResponse,
  type RemoteEntry,
} from '@ferry/protocol';
import type { PeerSession } from '../../transport/peer-session';
import type { IncomingOffer } from './offer-record';

/** One page of a peer's offer. @throws PeerError; ProtocolError MALFORMED_MESSAGE; the signal's reason. */
export async function fetchOfferPage(
  session: PeerSession,
  { offerId, shown }: Pick<IncomingOffer, 'offerId' | 'shown'>,
  cursor: string | null,
  signal: AbortSignal,
): Promise<OfferFilesResponse> {
  const request = { offerId, ...(cursor !== null && { cursor }) };
  const page = parseOfferFilesResponse(await session.request(PATTERNS.offerFiles, request, signal));
  for (const entry of page.entries) shown.check(entry);
  return page;
}

/**
 * All files of a peer's offer, page by page. Each page is checked against the offer before it is handed out, the whole at the end.
 * @throws ProtocolError MALFORMED_MESSAGE when the files are not those that were offered; PeerError; the signal's reason.
 */
export async function* offerPages(
  session: PeerSession,
  offer: IncomingOffer,
  signal: AbortSignal,
): AsyncGenerator<readonly RemoteEntry[]> {
  const ids = new Set<string>();
  let bytes = 0;
  let cursor: string | null = null;
  do {
    const page: OfferFilesResponse = await fetchOfferPage(session, offer, cursor, signal);
    for (const { id, size } of page.entries) {
      if (ids.has(id)) contradiction('a file is listed twice');
      ids.add(id);
      bytes += size;
    }
    if (ids.size > offer.count || bytes > offer.bytes) contradiction(`${ids.size} files, ${bytes} bytes`);
    yield page.entries;
    cursor = page.nextCursor;
  } while (cursor !== null);
  if (ids.size !== offer.count || bytes !== offer.bytes) contradiction(`${ids.size} files, ${bytes} bytes`);
}

function contradiction(what: string): never {
  throw new ProtocolError('MALFORMED_MESSAGE', `the files contradict the offer: ${what}`);
}
