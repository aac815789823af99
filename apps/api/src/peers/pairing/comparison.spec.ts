import { randomBytes } from 'node:crypto';
import { deviceIdFromDigest } from '@ferry/protocol';
import { Comparison, type ComparedDevices } from './comparison';

const idOf = (byte: number): string => deviceIdFromDigest(new Uint8Array(32).fill(byte));
const ADA = idOf(1);
const BOB = idOf(2);
const MALLORY = idOf(3);
const EXPORTER = new Uint8Array(32).fill(9);

const devices = (ownId: string, peerId: string, exporter = EXPORTER): ComparedDevices => ({
  ownId,
  peerId,
  peerName: 'Peer',
  exporter,
  expiresAt: Date.parse('2026-01-01T00:02:00Z'),
});
const broken = expect.objectContaining({ name: 'ProtocolError', code: 'UNEXPECTED_MESSAGE' });
const over = expect.objectContaining({ name: 'PeerError', code: 'PAIRING_OVER' });

describe('Comparison', () => {
  let ada: Comparison;
  let bob: Comparison;
  const agree = (): void => {
    ada.takePeerNonce(bob.nonce);
    bob.takePeerNonce(ada.nonce);
  };

  beforeEach(() => {
    ada = new Comparison(devices(ADA, BOB));
    bob = new Comparison(devices(BOB, ADA), ada.commitment);
  });

  it('shows the same six digits and four symbols on both sides', () => {
    agree();
    const { sas } = ada.toPairing();
    expect(sas?.digits).toMatch(/^\d{6}$/);
    expect(sas?.symbols).toHaveLength(4);
    expect(bob.toPairing().sas).toEqual(sas);
  });

  it('says who began and whose user has confirmed', () => {
    agree();
    expect(ada.toPairing()).toMatchObject({ state: 'comparing', peerId: BOB, direction: 'out', peerName: 'Peer' });
    expect(bob.toPairing()).toMatchObject({ state: 'comparing', peerId: ADA, direction: 'in' });
    ada.confirmHere(true);
    bob.confirmThere(true);
    expect(ada.toPairing().confirmed).toEqual({ here: true, there: false });
    expect(bob.toPairing().confirmed).toEqual({ here: false, there: true });
  });

  it('shows other values when the exporters differ, as they do with somebody between the two', () => {
    bob = new Comparison(devices(BOB, ADA, randomBytes(32)), ada.commitment);
    agree();
    expect(ada.toPairing().sas).not.toEqual(bob.toPairing().sas);
  });

  it('shows nothing to compare before both nonces are known', () => {
    expect(ada.toPairing()).not.toHaveProperty('sas');
    expect(ada.isComparing).toBe(false);
    expect(() => ada.confirmHere(true)).toThrow(over);
    expect(() => ada.confirmThere(true)).toThrow(broken);
  });

  it.each([
    ['another nonce', () => randomBytes(32)],
    ['our own nonce', () => bob.nonce],
    ['the commitment itself', () => ada.commitment],
  ])('does not take %s for what was committed to', (_what, nonce) => {
    expect(() => bob.takePeerNonce(nonce())).toThrow(broken);
    expect(bob.isComparing).toBe(false);
  });

  it('does not take a commitment made for another device or by another', () => {
    for (const [ownId, peerId] of [
      [MALLORY, ADA],
      [BOB, MALLORY],
      [ADA, BOB],
    ] as const) {
      const other = new Comparison(devices(ownId, peerId), ada.commitment);
      expect(() => other.takePeerNonce(ada.nonce)).toThrow(broken);
    }
  });

  it.each([
    ['its nonce', () => ada.nonce],
    ['its commitment', () => ada.commitment],
  ])('does not take %s back from the responder', (_what, value) => {
    expect(() => ada.takePeerNonce(value())).toThrow(broken);
  });

  it('takes one nonce and no second one', () => {
    agree();
    expect(() => bob.takePeerNonce(ada.nonce)).toThrow(broken);
    expect(() => ada.takePeerNonce(randomBytes(32))).toThrow(broken);
  });

  it('is agreed when both have said yes, in either order', () => {
    agree();
    ada.confirmHere(true);
    expect(ada.isAgreed).toBe(false);
    ada.confirmThere(true);
    expect(ada.isAgreed).toBe(true);
    bob.confirmThere(true);
    expect(bob.isAgreed).toBe(false);
    bob.confirmHere(true);
    expect(bob.isAgreed).toBe(true);
  });

  it.each([
    ['our user', () => ada.confirmHere(false), /You said/],
    ['the other user', () => ada.confirmThere(false), /other device says/],
  ])('has failed for good when %s says no', (_who, say, words) => {
    agree();
    say();
    expect(ada.toPairing()).toMatchObject({ state: 'failed', error: expect.stringMatching(words) });
    expect(ada.toPairing()).not.toHaveProperty('sas');
    expect(() => ada.confirmHere(true)).toThrow(over);
    expect(() => ada.confirmThere(true)).toThrow(broken);
    ada.pair();
    expect(ada.toPairing().state).toBe('failed');
  });

  it('takes one answer of each user', () => {
    agree();
    ada.confirmHere(true);
    expect(() => ada.confirmHere(false)).toThrow(over);
    ada.confirmThere(true);
    expect(() => ada.confirmThere(false)).toThrow(broken);
    expect(ada.isAgreed).toBe(true);
  });

  it('cannot be agreed once it has expired', () => {
    agree();
    ada.confirmHere(true);
    ada.expire();
    expect(() => ada.confirmThere(true)).toThrow(broken);
    expect(ada.isAgreed).toBe(false);
    expect(ada.toPairing()).toMatchObject({ state: 'expired', expiresAt: '2026-01-01T00:02:00.000Z' });
  });
});
