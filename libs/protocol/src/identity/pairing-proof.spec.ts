import { createHmac } from 'node:crypto';
import { readVectors } from '../../testing/vectors';
import { fromBase64Url, toBase64Url } from '../text/base64url';
import { toHex } from '../text/hex';
import { pairingProofInput } from './pairing-proof';

/** Written by identity.py. */
interface ProofVectors {
  readonly proofs: readonly {
    readonly claimerId: string;
    readonly inviterId: string;
    readonly secret: string;
    readonly input: string;
    readonly proof: string;
  }[];
}

const { proofs } = readVectors<ProofVectors>('identity.json');

describe('pairingProofInput', () => {
  it.each(proofs)('is the input of the independent proof $proof', ({ claimerId, inviterId, secret, input, proof }) => {
    const bytes = pairingProofInput(claimerId, inviterId);
    expect(toHex(bytes)).toBe(input);
    const key = fromBase64Url(secret) ?? new Uint8Array(0);
    expect(toBase64Url(createHmac('sha256', key).update(bytes).digest())).toBe(proof);
  });

  it('needs canonical device ids', () =>
    expect(() => pairingProofInput('x', proofs[0]?.inviterId ?? '')).toThrow(
      expect.objectContaining({ code: 'MALFORMED_MESSAGE' }),
    ));
});
