import { fromBase64Url } from '../text/base64url';
import type { MessageReader } from './message-reader';

/** Reads a field that is canonical base64url of exactly `bytes` bytes. @throws ProtocolError MALFORMED_MESSAGE. */
export function base64UrlField(reader: MessageReader, key: string, bytes: number): string {
  const text = reader.text(key, { max: Math.ceil((bytes * 4) / 3) });
  if (fromBase64Url(text)?.length !== bytes) reader.fail(key, `is not base64url of ${bytes} bytes`);
  return text;
}
