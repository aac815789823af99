import { createHmac } from 'node:crypto';
import { pairingProofInput } from '@ferry/protocol';

/** What shows that the claimer knows the invitation's secret, bound to both keys. PROTOCOL.md section 7. */
export function pairingProof(secret: Uint8Array, claimerId: string, inviterId: string): Uint8Array {
  return createHmac('sha256', secret).update(pairingProofInput(claimerId, inviterId)).digest();
}
