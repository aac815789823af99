import { createHash, timingSafeEqual } from 'node:crypto';
import { sasCommitmentInput, sasFromDigest, sasInput, type Sas, type SasInput } from '@ferry/protocol';

/** What the initiator sends before it knows the responder's nonce. PROTOCOL.md section 7. */
export function sasCommitment(initiatorId: string, responderId: string, nonce: Uint8Array): Uint8Array {
  return sha256(sasCommitmentInput(initiatorId, responderId, nonce));
}

/** What both users are shown. */
export function sasOf(input: SasInput): Sas {
  return sasFromDigest(sha256(sasInput(input)));
}

/** Whether two values of one length or another are the same, in constant time. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
