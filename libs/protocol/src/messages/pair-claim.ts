import { deviceName } from '../identity/device-name';
import { HASH_BYTES, MAX_CONTROL_BYTES } from '../limits';
import { base64UrlField } from './base64url-field';
import { MessageReader } from './message-reader';

/** Data of the request `pair.claim`. Source: PROTOCOL.md section 7. */
export interface PairClaim {
  /** HMAC-SHA256 over `pairingProofInput`, keyed with the invitation's secret; base64url of 32 bytes. */
  readonly proof: string;
}

/** Its answer: the inviter stored trust before it sent this. */
export interface PairClaimed {
  /** The inviter's device name. */
  readonly name: string;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parsePairClaim(value: unknown): PairClaim {
  const reader = new MessageReader('PairClaim', value);
  return { proof: base64UrlField(reader, 'proof', HASH_BYTES) };
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parsePairClaimed(value: unknown): PairClaimed {
  const reader = new MessageReader('PairClaimed', value);
  return { name: deviceName(reader.text('name', { max: MAX_CONTROL_BYTES })) };
}
