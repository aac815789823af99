import { randomBytes } from 'node:crypto';
import { PATTERNS, toBase64Url, type Pairing, type PairReveal, type PairStart } from '@ferry/protocol';
import type { PeerSession } from '../../transport/peer-session';
import type { Handler } from '../../transport/testing/test-device';
import { asPairing, confirm, pairingIn } from '../testing/compare';
import { ComparingStranger, endOf } from '../testing/comparing-stranger';
import { TestNode, type Answer } from '../testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

const nonce = (): { nonce: string } => ({ nonce: toBase64Url(randomBytes(32)) });
const silence = (): Promise<never> => new Promise(() => undefined);

describe('a comparison that our user begins', () => {
  let node: TestNode;
  const strangers: ComparingStranger[] = [];

  beforeEach(async () => {
    node = await TestNode.start({ name: 'Node', peersOptions: { answerTimeoutMs: 500 } });
  });
  afterEach(async () => {
    await Promise.all(strangers.splice(0).map((stranger) => stranger.stop()));
    await node.remove();
  });

  const meet = async (handlers: Readonly<Record<string, Handler>>): Promise<ComparingStranger> => {
    const stranger = await ComparingStranger.start({
      [PATTERNS.pairStart]: nonce,
      [PATTERNS.pairReveal]: () => ({}),
      [PATTERNS.pairConfirm]: () => ({}),
      ...handlers,
    });
    strangers.push(stranger);
    return stranger;
  };
  const claim = (address: string): Promise<Answer> => node.call('POST', '/pairings/claim', { address });

  it.each<[string, Handler]>([
    ['our commitment', (data) => ({ nonce: (data as PairStart).commitment })],
    ['a short nonce', () => ({ nonce: 'AAAA' })],
    ['nothing', () => ({})],
  ])('ends with the session when the responder answers %s as its nonce', async (_what, handler) => {
    const stranger = await meet({ [PATTERNS.pairStart]: handler });
    const ended = stranger.nextSession().then(endOf);
    expect(await claim(stranger.address)).toMatchObject({ status: 502, body: { code: 'peer-refused' } });
    expect((await ended)?.remoteCode).toMatch(/UNEXPECTED_MESSAGE|MALFORMED_MESSAGE/);
    expect(await pairingIn(node, 'comparing', 'failed')).toBeUndefined();
  });

  it.each([
    ['pair.start', PATTERNS.pairStart],
    ['pair.reveal', PATTERNS.pairReveal],
  ])('is over when the responder goes away at %s, and the next can begin', async (_name, pattern) => {
    const leave: Handler = (_data, { session }) => (session.close(), {});
    const stranger = await meet({ [pattern]: leave });
    expect(await claim(stranger.address)).toMatchObject({ status: 502, body: { code: 'peer-unreachable' } });
    expect(await claim((await meet({})).address)).toMatchObject({ status: 201 });
  });

  it.each([
    ['pair.start', PATTERNS.pairStart],
    ['pair.reveal', PATTERNS.pairReveal],
  ])('is over when the responder does not answer %s', async (_name, pattern) => {
    const stranger = await meet({ [pattern]: silence });
    expect(await claim(stranger.address)).toMatchObject({ status: 502, body: { code: 'peer-unreachable' } });
    expect(await claim((await meet({})).address)).toMatchObject({ status: 201 });
  });

  it('has failed when the responder goes away while the users compare', async () => {
    const stranger = await meet({});
    const pairing = asPairing(await claim(stranger.address));
    await confirm(node, pairing);
    (await stranger.nextSession()).close();
    await node.until(() => node.published().some(([, data]) => (data as { state?: string }).state === 'failed'));
    expect(node.peers.isPaired(stranger.id)).toBe(false);
  });

  it('takes the responder’s confirmation before its answer to the reveal', async () => {
    const early: Handler = async (_data, { session }) => {
      await session.request(PATTERNS.pairConfirm, { match: true });
      return {};
    };
    const stranger = await meet({ [PATTERNS.pairReveal]: early });
    const pairing = asPairing(await claim(stranger.address));
    expect(pairing).toMatchObject({ state: 'comparing', confirmed: { here: false, there: true } });
    expect(node.peers.isPaired(stranger.id)).toBe(false);
    expect(await confirm(node, pairing)).toMatchObject({ body: { state: 'paired' } });
    expect(node.peers.isPaired(stranger.id)).toBe(true);
  });

  it.each<[string, Handler]>([
    ['does not answer', silence],
    ['goes away', (_data, { session }) => (session.close(), {})],
  ])('leaves no trust when the responder %s at our confirmation', async (_what, handler) => {
    const stranger = await meet({ [PATTERNS.pairConfirm]: handler });
    const pairing = asPairing(await claim(stranger.address));
    const session = await stranger.nextSession();
    await session.request(PATTERNS.pairConfirm, { match: true });
    expect(await confirm(node, pairing)).toMatchObject({ status: 200, body: { state: 'failed' } });
    expect(node.peers.isPaired(stranger.id)).toBe(false);
  });

  it.each<[string, (session: PeerSession, started: PairStart) => Promise<unknown>]>([
    ['reveals something', (session) => session.request(PATTERNS.pairReveal, nonce())],
    ['starts with our own commitment', (session, started) => session.request(PATTERNS.pairStart, started)],
    [
      'confirms twice',
      async (session) => {
        await session.request(PATTERNS.pairConfirm, { match: true });
        await session.request(PATTERNS.pairConfirm, { match: true });
      },
    ],
  ])('ends with the session when the responder %s', async (_what, act) => {
    let started: PairStart = { commitment: '' };
    const stranger = await meet({
      [PATTERNS.pairStart]: (data) => {
        started = data as PairStart;
        return nonce();
      },
    });
    await claim(stranger.address);
    const session = await stranger.nextSession();
    const end = endOf(session);
    await expect(act(session, started)).rejects.toBeDefined();
    expect(await end).toMatchObject({ remoteCode: 'UNEXPECTED_MESSAGE' });
    expect(await pairingIn(node, 'comparing')).toBeUndefined();
  });

  it('keeps its session when another one with the same device comes', async () => {
    await node.remove();
    // Long enough for an idle session to be given up in favour of a newer one.
    node = await TestNode.start({ name: 'Node', peersOptions: { comparisonLifetimeMs: 4_000 } });
    const { address } = await meet({});
    await claim(address);
    expect(await node.call('POST', '/peers', { address })).toMatchObject({ status: 201 });
    const isOver = ([, data]: [string, unknown]): boolean => /failed|expired/.test(String((data as Pairing).state));
    await node.until(() => node.published().some(isOver));
    expect(await pairingIn(node, 'expired')).toBeDefined();
  });

  it('is not possible with a device that does not know the request', async () => {
    const stranger = await ComparingStranger.start();
    strangers.push(stranger);
    expect(await claim(stranger.address)).toMatchObject({ status: 502, body: { code: 'peer-version' } });
  });
});

describe('somebody between two devices', () => {
  let ada: TestNode;
  let bob: TestNode;
  let mallory: ComparingStranger;

  beforeEach(async () => {
    ada = await TestNode.start({ name: 'Ada' });
    bob = await TestNode.start({ name: 'Bob' });
    await bob.call('PUT', '/pairing-mode', { open: true });
  });
  afterEach(() => Promise.all([ada.remove(), bob.remove(), mallory.stop()]));

  it('who passes every message on is found out by the commitment', async () => {
    let onward: PeerSession | undefined;
    const passOn =
      (pattern: string): Handler =>
      async (data) => {
        onward ??= await mallory.dial(bob.peerAddress);
        return onward.request(pattern, data);
      };
    mallory = await ComparingStranger.start({
      [PATTERNS.pairStart]: passOn(PATTERNS.pairStart),
      [PATTERNS.pairReveal]: passOn(PATTERNS.pairReveal),
    });

    const { status } = await ada.call('POST', '/pairings/claim', { address: mallory.address });

    expect(status).toBe(502);
    expect(await pairingIn(ada, 'comparing')).toBeUndefined();
    expect(await pairingIn(bob, 'comparing')).toBeUndefined();
  });

  it('who compares with both cannot make them show the same', async () => {
    let revealed: PairReveal | undefined;
    let onward: PeerSession;
    mallory = await ComparingStranger.start({
      // It commits to a nonce of its own towards Bob, and passes Bob's on to Ada.
      [PATTERNS.pairStart]: async () => {
        onward = await mallory.dial(bob.peerAddress);
        return { nonce: await mallory.begin(onward) };
      },
      [PATTERNS.pairReveal]: async (data) => {
        revealed = data as PairReveal;
        await mallory.reveal(onward);
        return {};
      },
    });

    const near = asPairing(await ada.call('POST', '/pairings/claim', { address: mallory.address }));
    const far = await pairingIn(bob, 'comparing');

    expect(near.state).toBe('comparing');
    expect(far?.state).toBe('comparing');
    expect(far?.sas).not.toEqual(near.sas);
    expect(revealed?.nonce).not.toBe(toBase64Url(mallory.nonce));
    expect([near.peerId, far?.peerId]).toEqual([mallory.id, mallory.id]);
  });
});
