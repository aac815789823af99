import { NONCE_BYTES } from '../limits';
import { base64UrlField } from './base64url-field';
import { MessageReader } from './message-reader';

/** Data of the request `pair.reveal`, answered with `{}` when it is what was committed to. Source: PROTOCOL.md section 7. */
export interface PairReveal {
  /** The initiator's; base64url of 32 bytes. */
  readonly nonce: string;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parsePairReveal(value: unknown): PairReveal {
  const reader = new MessageReader('PairReveal', value);
  return { nonce: base64UrlField(reader, 'nonce', NONCE_BYTES) };
}
