import { randomBytes } from 'node:crypto';
import { parseInvitation, PATTERNS } from '@ferry/protocol';
import type { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { Stranger } from '../testing/stranger';
import { TestNode } from '../testing/test-node';
import { pairingProof } from './pairing-proof';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('a claim of another device', () => {
  let inviter: TestNode;
  const strangers: Stranger[] = [];

  beforeEach(async () => {
    const startedAt = Date.now(); // everything happens within one minute, however slow the machine
    inviter = await TestNode.start({ name: 'Inviter', peersOptions: { now: () => startedAt } });
  });
  afterEach(async () => {
    await Promise.all(strangers.splice(0).map((stranger) => stranger.remove()));
    await inviter.remove();
  });

  const stranger = async (name?: string): Promise<Stranger> => {
    const created = await Stranger.create(name);
    strangers.push(created);
    return created;
  };
  const claim = (session: PeerSession, proof: Uint8Array) =>
    session.request(PATTERNS.pairClaim, { proof: Buffer.from(proof).toString('base64url') });
  const claimWrongly = (session: PeerSession) => claim(session, randomBytes(32));
  const invitedSecret = async (): Promise<Uint8Array> => {
    const { body } = await inviter.call('POST', '/pairings');
    return Buffer.from(parseInvitation(String(body['uri'])).secret, 'base64url');
  };

  it('is accepted with the proof, and trust is stored before the answer', async () => {
    const secret = await invitedSecret();
    const device = await stranger();
    const session = await device.dial(inviter.peerAddress);
    const answer = await claim(session, pairingProof(secret, device.id, inviter.id));
    expect(answer).toEqual({ name: 'Inviter' });
    expect(inviter.peers.isPaired(device.id)).toBe(true);
  });

  it('is refused with the proof of somebody else', async () => {
    const secret = await invitedSecret();
    const [honest, thief] = [await stranger(), await stranger()];
    const session = await thief.dial(inviter.peerAddress);
    await expect(claim(session, pairingProof(secret, honest.id, inviter.id))).rejects.toMatchObject({
      remoteCode: 'PAIRING_REJECTED',
    });
    expect(inviter.peers.list().total).toBe(0);
  });

  it('is refused without any invitation', async () => {
    const session = await (await stranger()).dial(inviter.peerAddress);
    await expect(claimWrongly(session)).rejects.toMatchObject({ remoteCode: 'PAIRING_REJECTED' });
  });

  it.each([
    ['no proof', {}],
    ['a short proof', { proof: 'AAAA' }],
    ['a number', { proof: 7 }],
    ['no object', null],
  ])('is malformed with %s', async (_what, data) => {
    const session = await (await stranger()).dial(inviter.peerAddress);
    await expect(session.request(PATTERNS.pairClaim, data)).rejects.toMatchObject({ remoteCode: 'MALFORMED_MESSAGE' });
  });

  it('costs the session at the fourth wrong try', async () => {
    const session = await (await stranger()).dial(inviter.peerAddress);
    const isClosed = new Promise<void>((resolve) => session.onClose(() => resolve()));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(claimWrongly(session)).rejects.toMatchObject({ remoteCode: 'PAIRING_REJECTED' });
    }
    await expect(claimWrongly(session)).rejects.toMatchObject({ remoteCode: 'TOO_MANY_REQUESTS' });
    await isClosed;
  });

  /** Uses up what all devices together may try in a minute. */
  const spendBudget = async () => {
    for (let device = 0; device < 5; device += 1) {
      const session = await (await stranger()).dial(inviter.peerAddress);
      for (let attempt = 0; attempt < 2; attempt += 1) await claimWrongly(session).catch(() => undefined);
    }
  };

  it('is not judged after ten wrong ones of anybody within a minute', async () => {
    await spendBudget();
    const session = await (await stranger()).dial(inviter.peerAddress);
    await expect(claimWrongly(session)).rejects.toMatchObject({ remoteCode: 'TOO_MANY_REQUESTS' });
  });

  it('with the right proof is accepted, however many strangers have tried', async () => {
    const secret = await invitedSecret();
    await spendBudget();
    const device = await stranger();
    const session = await device.dial(inviter.peerAddress);
    await claim(session, pairingProof(secret, device.id, inviter.id));
    expect(inviter.peers.isPaired(device.id)).toBe(true);
  });

  it('with the right proof is not accepted from a device that is locked out', async () => {
    const secret = await invitedSecret();
    const device = await stranger();
    const session = await device.dial(inviter.peerAddress);
    for (let attempt = 0; attempt < 3; attempt += 1) await claimWrongly(session).catch(() => undefined);
    await expect(claim(session, pairingProof(secret, device.id, inviter.id))).rejects.toMatchObject({
      remoteCode: 'TOO_MANY_REQUESTS',
    });
    expect(inviter.peers.isPaired(device.id)).toBe(false);
  });

  it('is one of ten that are judged in a minute, however many devices try', async () => {
    const answers = new Map<string, number>();
    for (let count = 0; count < 60; count += 1) {
      const device = await Stranger.create();
      const session = await device.dial(inviter.peerAddress);
      await claimWrongly(session).catch(({ remoteCode }: PeerError) => {
        answers.set(String(remoteCode), (answers.get(String(remoteCode)) ?? 0) + 1);
      });
      await device.remove();
    }
    expect(Object.fromEntries(answers)).toEqual({ PAIRING_REJECTED: 10, TOO_MANY_REQUESTS: 50 });
  });

  it('shows a hostile device name as one harmless line', async () => {
    const secret = await invitedSecret();
    const device = await stranger(`a\r\n\u001b[31m\u202e${'x'.repeat(1_000)}`);
    const session = await device.dial(inviter.peerAddress);
    await claim(session, pairingProof(secret, device.id, inviter.id));
    const { name } = inviter.peers.get(device.id);
    expect(name).toMatch(/^a \[31m x+$/);
    expect(name.length).toBeLessThanOrEqual(64);
  });

  it('of an unpaired device opens nothing else', async () => {
    const session = await (await stranger()).dial(inviter.peerAddress);
    await expect(session.request(PATTERNS.filesList, {})).rejects.toMatchObject({ code: 'NOT_PAIRED' });
  });
});
