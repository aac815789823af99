import { HASH_BYTES, NONCE_BYTES } from '../limits';
import { base64UrlField } from './base64url-field';
import { MessageReader } from './message-reader';

/** Data of the request `pair.start`: the initiator binds itself to a nonce. Source: PROTOCOL.md section 7. */
export interface PairStart {
  /** SHA-256 over `sasCommitmentInput`; base64url of 32 bytes. */
  readonly commitment: string;
}

/** Its answer, chosen without knowing the initiator's nonce. */
export interface PairStarted {
  /** The responder's; base64url of 32 bytes. */
  readonly nonce: string;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parsePairStart(value: unknown): PairStart {
  const reader = new MessageReader('PairStart', value);
  return { commitment: base64UrlField(reader, 'commitment', HASH_BYTES) };
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parsePairStarted(value: unknown): PairStarted {
  const reader = new MessageReader('PairStarted', value);
  return { nonce: base64UrlField(reader, 'nonce', NONCE_BYTES) };
}
