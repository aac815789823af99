import { MAX_LIST_ENTRIES } from '../limits';
import { CURSOR_RULE, parseRemoteEntry, type RemoteEntry } from './files-list';
import { MessageReader } from './message-reader';
import { OFFER_ID_RULE } from './offer-fields';

/** Data of the request `offer.files`: one page of an offer's files, asked for by who got the offer. */
export interface OfferFilesRequest {
  readonly offerId: string;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** Answer to `offer.files`. */
export interface OfferFilesResponse {
  /** Files, and folders in which nothing lies; each once on all pages together; at least one. */
  readonly entries: readonly RemoteEntry[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseOfferFilesRequest(value: unknown): OfferFilesRequest {
  const reader = new MessageReader('OfferFilesRequest', value);
  const cursor = reader.optionalText('cursor', CURSOR_RULE);
  return {
    offerId: reader.text('offerId', OFFER_ID_RULE),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/**
 * @throws ProtocolError MALFORMED_MESSAGE, also for a folder with bytes, and for a page without entries: pages without end must
 * not cost nothing.
 */
export function parseOfferFilesResponse(value: unknown): OfferFilesResponse {
  const reader = new MessageReader('OfferFilesResponse', value);
  const entries = reader.list('entries', MAX_LIST_ENTRIES).map(parseRemoteEntry);
  if (entries.length === 0) reader.fail('entries', 'is empty');
  if (entries.some(({ kind, size }) => kind === 'folder' && size > 0))
    reader.fail('entries', 'holds a folder with bytes');
  return {
    entries,
    nextCursor: reader.value('nextCursor') === null ? null : reader.text('nextCursor', CURSOR_RULE),
  };
}
