import { Invitations } from './invitations';

const LIMITS = { invitationLifetimeMs: 120_000, expiredMemoryMs: 600_000, maxOpenInvitations: 16 };

describe('Invitations', () => {
  let now = 0;
  let invitations: Invitations;
  const proofOf = (secret: Uint8Array): Uint8Array => secret.map((byte) => byte ^ 0xff);
  const invite = () => {
    let proof: Uint8Array = new Uint8Array();
    const pairing = invitations.open((secret) => {
      proof = proofOf(secret);
      return 'ferry://pair?';
    });
    return { pairing, proof };
  };
  const claim = (deviceId: string, proof: Uint8Array) => invitations.claim(deviceId, proof, proofOf).kind;

  beforeEach(() => {
    now = Date.parse('2026-01-01T00:00:00Z');
    invitations = new Invitations({ ...LIMITS, now: () => now });
  });

  it('is open for two minutes', () => {
    const { pairing } = invite();
    expect(pairing).toMatchObject({ state: 'open', uri: 'ferry://pair?', expiresAt: '2026-01-01T00:02:00.000Z' });
    now += 120_000;
    expect(invitations.find(pairing.id)).toEqual({
      id: pairing.id,
      state: 'expired',
      expiresAt: '2026-01-01T00:02:00.000Z',
    });
  });

  it('is used up by the first device, which may repeat', () => {
    const { pairing, proof } = invite();
    expect(claim('A', proof)).toBe('accepted');
    expect(claim('A', proof)).toBe('accepted');
    expect(claim('B', proof)).toBe('used');
    expect(invitations.find(pairing.id)).toMatchObject({ state: 'paired', peerId: 'A' });
    expect(invitations.find(pairing.id)).not.toHaveProperty('uri');
  });

  it('knows an expired one for ten minutes', () => {
    const { proof } = invite();
    now += 120_000;
    expect(claim('A', proof)).toBe('expired');
    now += 599_999;
    expect(claim('A', proof)).toBe('expired');
    now += 1;
    expect(claim('A', proof)).toBe('unknown');
  });

  it.each([
    ['a wrong proof', new Uint8Array(32)],
    ['a short proof', new Uint8Array(31)],
    ['no proof', new Uint8Array()],
  ])('does not accept %s', (_what, proof) => {
    invite();
    expect(claim('A', proof)).toBe('unknown');
  });

  it('finds the right one of many', () => {
    const proofs = Array.from({ length: 16 }, () => invite().proof);
    expect(proofs.map((proof, index) => claim(`device ${index}`, proof))).toEqual(proofs.map(() => 'accepted'));
  });

  it('lets the oldest open one expire to make room', () => {
    const all = Array.from({ length: 16 }, () => invite());
    expect(invitations.makeRoom()).toMatchObject({ id: all[0]?.pairing.id, state: 'expired' });
    expect(claim('A', all[0]?.proof ?? new Uint8Array())).toBe('expired');
    expect(claim('A', all[1]?.proof ?? new Uint8Array())).toBe('accepted');
  });

  it('needs no room while fewer than sixteen are open', () => {
    Array.from({ length: 15 }, () => invite());
    expect(invitations.makeRoom()).toBeUndefined();
  });

  it('cannot be used again by a device that was forgotten', () => {
    const { proof } = invite();
    claim('A', proof);
    invitations.revokeOf('A');
    expect(claim('A', proof)).toBe('expired');
  });

  it('does not grow without bound', () => {
    for (let i = 0; i < 200; i += 1) {
      invitations.makeRoom();
      invite();
    }
    expect(invitations.list().length).toBeLessThanOrEqual(64 + 1);
  });
});
