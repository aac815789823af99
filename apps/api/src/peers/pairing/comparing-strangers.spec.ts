import { randomBytes } from 'node:crypto';
import { fromBase64Url, PATTERNS, type Pairing } from '@ferry/protocol';
import type { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { asPairing, confirm, pairingIn } from '../testing/compare';
import { ComparingStranger, endOf } from '../testing/comparing-stranger';
import { TestNode } from '../testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('a stranger who begins a comparison', () => {
  const clock = { aheadMs: 0 };
  let node: TestNode;
  const strangers: ComparingStranger[] = [];

  beforeEach(async () => {
    clock.aheadMs = 0;
    const now = (): number => Date.now() + clock.aheadMs;
    node = await TestNode.start({ name: 'Node', peersOptions: { now, revealTimeoutMs: 200 } });
    await node.call('PUT', '/pairing-mode', { open: true });
  });
  afterEach(async () => {
    await Promise.all(strangers.splice(0).map((stranger) => stranger.stop()));
    await node.remove();
  });

  const arrive = async (): Promise<{ stranger: ComparingStranger; session: PeerSession }> => {
    const stranger = await ComparingStranger.start();
    strangers.push(stranger);
    return { stranger, session: await stranger.dial(node.peerAddress) };
  };
  const shown = async (): Promise<Pairing[]> => (await node.call('GET', '/pairings')).body['items'] as Pairing[];
  const comparing = async (): Promise<Pairing> => {
    const pairing = await pairingIn(node, 'comparing');
    if (!pairing) throw new Error('nothing to compare');
    return pairing;
  };
  const untilEnded = ({ id }: Pairing): Promise<void> =>
    node.until(() =>
      node.published().some(([, data]) => (data as Pairing).id === id && (data as Pairing).state !== 'comparing'),
    );
  const brokenRule = expect.objectContaining({ remoteCode: 'UNEXPECTED_MESSAGE' });

  it('sees the same as the user when it keeps to the rules, and is trusted when both say so', async () => {
    const { stranger, session } = await arrive();
    const sas = await stranger.compare(session);
    const pairing = await comparing();
    expect(pairing.sas).toEqual(sas);
    await stranger.confirm(session);
    expect(node.peers.isPaired(stranger.id)).toBe(false);
    // It is no whole node: it does not take the confirmation, so nobody knows whether it trusts us.
    expect(await confirm(node, pairing)).toMatchObject({ status: 200, body: { state: 'failed' } });
  });

  it('has trust on the disk when its confirmation is answered', async () => {
    const stranger = await ComparingStranger.start({ [PATTERNS.pairConfirm]: () => ({}) });
    strangers.push(stranger);
    const session = await stranger.dial(node.peerAddress);
    await stranger.compare(session);
    expect(await confirm(node, await comparing())).toMatchObject({ body: { state: 'comparing' } });
    expect(await stranger.confirm(session)).toEqual({});
    expect(node.peers.isPaired(stranger.id)).toBe(true);
  });

  describe('and breaks the rules', () => {
    it.each<[string, (stranger: ComparingStranger, session: PeerSession) => Promise<unknown>]>([
      ['reveals without a start', (stranger, session) => stranger.reveal(session)],
      ['confirms without a start', (stranger, session) => stranger.confirm(session)],
      [
        'reveals another nonce than it committed to',
        async (stranger, session) => {
          await stranger.begin(session);
          await stranger.reveal(session, randomBytes(32));
        },
      ],
      [
        'reveals our own nonce',
        async (stranger, session) => {
          const nonce = await stranger.begin(session);
          await stranger.reveal(session, fromBase64Url(nonce));
        },
      ],
      [
        'confirms before it reveals',
        async (stranger, session) => {
          await stranger.begin(session);
          await stranger.confirm(session);
        },
      ],
      [
        'reveals on another session than it started on',
        async (stranger, session) => {
          await stranger.begin(await stranger.dial(node.peerAddress));
          await stranger.reveal(session);
        },
      ],
    ])('loses its session when it %s, and the user is asked nothing', async (_what, act) => {
      const { stranger, session } = await arrive();
      const end = endOf(session);
      await expect(act(stranger, session)).rejects.toBeDefined();
      expect(await end).toEqual(brokenRule);
      expect(await shown()).toEqual([]);
    });

    it.each<[string, (stranger: ComparingStranger, session: PeerSession) => Promise<unknown>]>([
      ['reveals twice', (stranger, session) => stranger.reveal(session)],
      [
        'confirms twice',
        async (stranger, session) => {
          await stranger.confirm(session);
          await stranger.confirm(session);
        },
      ],
    ])('loses its session and the comparison when it %s', async (_what, act) => {
      const { stranger, session } = await arrive();
      await stranger.compare(session);
      const pairing = await comparing();
      const end = endOf(session);
      await expect(act(stranger, session)).rejects.toBeDefined();
      expect(await end).toEqual(brokenRule);
      expect(asPairing(await node.call('GET', `/pairings/${pairing.id}`))).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('broke the rules'),
      });
    });

    it.each([
      [PATTERNS.pairStart, {}],
      [PATTERNS.pairStart, { commitment: 'AAAA' }],
      [PATTERNS.pairStart, { commitment: 7 }],
      [PATTERNS.pairReveal, null],
      [PATTERNS.pairReveal, { nonce: '=' }],
      [PATTERNS.pairConfirm, { match: 1 }],
    ])('is told that %s %j is malformed, which costs no session and no try', async (pattern, data) => {
      const { stranger, session } = await arrive();
      for (let count = 0; count < 4; count += 1) {
        await expect(session.request(pattern, data)).rejects.toMatchObject({ remoteCode: 'MALFORMED_MESSAGE' });
      }
      await stranger.compare(session);
    });
  });

  it('has its second start in one session refused, and the first goes on', async () => {
    const { stranger, session } = await arrive();
    await stranger.compare(session);
    await expect(stranger.begin(session)).rejects.toMatchObject({ remoteCode: 'PAIRING_CLOSED' });
    expect(session.isOpen).toBe(true);
    await comparing();
  });

  it('breaks no rule when its yes crosses the no of our user', async () => {
    let session: PeerSession | undefined;
    // It says yes after our no was sent, and before it has answered that.
    const sayYes = (): Promise<unknown> | undefined =>
      session?.request(PATTERNS.pairConfirm, { match: true }).catch(({ remoteCode }: PeerError) => remoteCode);
    const answers: unknown[] = [];
    const stranger = await ComparingStranger.start({
      [PATTERNS.pairConfirm]: async () => (answers.push(await sayYes()), {}),
    });
    strangers.push(stranger);
    session = await stranger.dial(node.peerAddress);
    const end = endOf(session);
    await stranger.compare(session);
    expect(await confirm(node, await comparing(), false)).toMatchObject({ body: { state: 'failed' } });
    expect(await end).toBeUndefined();
    expect(answers).toEqual(['PAIRING_EXPIRED']);
    expect(node.peers.isPaired(stranger.id)).toBe(false);
  });

  it('loses its session when it does not go on, and the next one has its turn', async () => {
    const { stranger, session } = await arrive();
    const end = endOf(session);
    await stranger.begin(session);
    await end;
    expect(await shown()).toEqual([]);
    const next = await arrive();
    await next.stranger.compare(next.session);
  });

  it('leaves nothing behind when it goes away before it reveals', async () => {
    const { stranger, session } = await arrive();
    await stranger.begin(session);
    session.close();
    await session.gone;
    const next = await arrive();
    await next.stranger.compare(next.session);
    expect(await shown()).toHaveLength(1);
  });

  it.each([
    ['has revealed', false],
    ['has confirmed', true],
  ])('is not trusted when it goes away after it %s', async (_what, confirms) => {
    const { stranger, session } = await arrive();
    await stranger.compare(session);
    const pairing = await comparing();
    if (confirms) await stranger.confirm(session);
    session.close();
    await untilEnded(pairing);
    expect(asPairing(await node.call('GET', `/pairings/${pairing.id}`))).toMatchObject({ state: 'failed' });
    expect(await confirm(node, pairing)).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
    expect(node.peers.isPaired(stranger.id)).toBe(false);
  });

  it('can ask three times, then is locked out for ten minutes and loses its session', async () => {
    const { stranger, session } = await arrive();
    for (let count = 0; count < 3; count += 1) {
      const each = await stranger.dial(node.peerAddress);
      await stranger.compare(each);
      await node.call('DELETE', `/pairings/${(await comparing()).id}`);
    }
    const end = endOf(session);
    await expect(stranger.begin(session)).rejects.toMatchObject({ remoteCode: 'TOO_MANY_REQUESTS' });
    await end;
    clock.aheadMs = 10 * 60_000;
    await node.call('PUT', '/pairing-mode', { open: true });
    await stranger.compare(await stranger.dial(node.peerAddress));
  });

  it('is one of ten in a minute who can ask, and does not lock out the next minute', async () => {
    for (let count = 0; count < 10; count += 1) {
      const { stranger, session } = await arrive();
      await stranger.begin(session);
      session.close();
      await session.gone;
    }
    const { stranger, session } = await arrive();
    await expect(stranger.begin(session)).rejects.toMatchObject({ remoteCode: 'TOO_MANY_REQUESTS' });
    clock.aheadMs = 60_000;
    await stranger.compare(await stranger.dial(node.peerAddress));
  });

  it('does not use up its tries while pairing mode is closed', async () => {
    await node.call('PUT', '/pairing-mode', { open: false });
    const { stranger, session } = await arrive();
    for (let count = 0; count < 12; count += 1) {
      await expect(stranger.begin(session)).rejects.toMatchObject({ remoteCode: 'PAIRING_CLOSED' });
    }
    await node.call('PUT', '/pairing-mode', { open: true });
    await stranger.compare(session);
  });

  it('gets no question asked once it is blocked', async () => {
    const { stranger } = await arrive();
    await node.call('POST', '/peers', { address: stranger.address });
    await node.call('PATCH', `/peers/${stranger.id}`, { permissions: { blocked: true } });
    await expect(stranger.dial(node.peerAddress)).rejects.toBeDefined();
    expect(await node.call('POST', '/pairings/claim', { address: stranger.address })).toMatchObject({ status: 403 });
    expect(await shown()).toEqual([]);
  });

  it('loses the comparison when it is blocked meanwhile', async () => {
    const { stranger, session } = await arrive();
    await node.call('POST', '/peers', { address: stranger.address });
    await stranger.compare(session);
    const pairing = await comparing();
    await node.call('PATCH', `/peers/${stranger.id}`, { permissions: { blocked: true } });
    await session.gone;
    await untilEnded(pairing);
    expect(node.peers.isPaired(stranger.id)).toBe(false);
  });
});
