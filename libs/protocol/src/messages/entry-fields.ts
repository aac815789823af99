import { MAX_CONTROL_BYTES, MAX_ENTRY_ID_CHARS, MAX_ENTRY_NAME_CHARS, MAX_ENTRY_PATH_CHARS } from '../limits';
import type { MessageReader } from './message-reader';

export const ENTRY_ID_RULE = { min: 1, max: MAX_ENTRY_ID_CHARS };
export const FILE_ID_RULE = { min: 64, max: 64, pattern: /^[0-9a-f]+$/ };

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/i;
const FALLBACK_MEDIA_TYPE = 'application/octet-stream';
const ISO_UTC = /^(\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const EARLIEST_MS = 0;
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** What the remote says about an entry. Names and paths are as the remote wrote them: the receiver's name policy judges them. */
export interface EntryDescription {
  readonly name: string;
  /** `/`-separated, relative to the remote's share. */
  readonly path: string;
  /** `type/subtype`, a hint. */
  readonly mediaType: string;
  /** ISO 8601 in UTC, from 1970 to 9999. */
  readonly modifiedAt: string;
}

export function readEntryDescription(reader: MessageReader): EntryDescription {
  return {
    name: reader.text('name', { min: 1, max: MAX_ENTRY_NAME_CHARS }),
    path: reader.text('path', { min: 1, max: MAX_ENTRY_PATH_CHARS }),
    mediaType: readMediaType(reader),
    modifiedAt: readTime(reader, 'modifiedAt'),
  };
}

/** A hint is never worth a session: what is no media type becomes the fallback. */
function readMediaType(reader: MessageReader): string {
  const value = reader.text('mediaType', { max: MAX_CONTROL_BYTES });
  return MEDIA_TYPE.test(value) ? value.toLowerCase() : FALLBACK_MEDIA_TYPE;
}

/** Years that file systems or clocks make up are clamped, so that every reader can print the time. */
function readTime(reader: MessageReader, key: string): string {
  const ms = Date.parse(reader.text(key, { max: 40, pattern: ISO_UTC }));
  if (Number.isNaN(ms)) return reader.fail(key, 'is not a time');
  return new Date(Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS)).toISOString();
}
