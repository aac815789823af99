import { createHmac } from 'node:crypto';
import { fromBase64Url, type PairClaim, pairingProofInput, parseInvitation, toBase64Url } from '@ferry/protocol';
import type { NodeProcess } from '@ferry/test-nodes';
import type { TestIdentity } from './test-identity';

/** Asks the node for an invitation; @returns what `pair.claim` says for it. PROTOCOL.md section 7. */
export async function invitationClaim(node: NodeProcess, claimer: TestIdentity): Promise<PairClaim> {
  const { uri = '' } = await node.api.invite();
  const { deviceId, secret } = parseInvitation(uri);
  const key = fromBase64Url(secret) ?? new Uint8Array();
  const proof = createHmac('sha256', key).update(pairingProofInput(claimer.deviceId, deviceId)).digest();
  return { proof: toBase64Url(proof) };
}
