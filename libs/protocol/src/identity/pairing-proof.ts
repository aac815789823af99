import { HASH_BYTES } from '../limits';
import { digestOfDeviceId } from './device-id';

const LABEL = new TextEncoder().encode('ferry/1 pair');

/**
 * What the claimer of an invitation signs with HMAC-SHA256, keyed with the secret's 32 raw bytes:
 * the 12 ASCII bytes `ferry/1 pair`, the claimer's SPKI digest, the inviter's. 76 bytes. Source: PROTOCOL.md section 7.
 * @param claimerId device id of the side that got the invitation, and dials.
 * @param inviterId device id in the invitation.
 * @throws ProtocolError MALFORMED_MESSAGE.
 */
export function pairingProofInput(claimerId: string, inviterId: string): Uint8Array {
  const input = new Uint8Array(LABEL.length + 2 * HASH_BYTES);
  input.set(LABEL);
  input.set(digestOfDeviceId(claimerId), LABEL.length);
  input.set(digestOfDeviceId(inviterId), LABEL.length + HASH_BYTES);
  return input;
}
