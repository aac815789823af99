import { randomBytes } from 'node:crypto';
import { PATTERNS, type RemoteEntry } from '@ferry/protocol';
import { NodeGroup, type NodeProcess, untilOffer, untilState, withDeadline } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';
import { OfferedFile } from './support/offered-file';
import { TestPeer } from './support/test-peer';

type Pages = (cursor: string | undefined) => { entries: readonly RemoteEntry[]; nextCursor: string | null };

// Contradictions between an offer and its list, and very many offers: hostile/groups/d-offer.ts and f-events.ts.
describe('a paired peer that lies about an offer', () => {
  const group = new NodeGroup();
  const file = new OfferedFile('one', 'one.bin', randomBytes(1_000));
  let node: NodeProcess;
  let peer: TestPeer;
  let answers: unknown[];

  beforeAll(async () => {
    node = await group.start('victim');
  });
  afterAll(() => group.dispose());

  beforeEach(async () => {
    peer = await TestPeer.pairWith(node, [file]);
    answers = [];
  });
  afterEach(async () => {
    peer.close();
    expect((await node.api.fetch('/health/ready')).status).toBe(200);
  });

  /** Makes an offer and serves its pages as `pages` says. */
  async function offer(claims: { count: number; bytes: number; offerId?: string; lifetimeMs?: number }, pages: Pages) {
    const answer = peer.session.onRequest;
    peer.session.onRequest = (request, sendData) => {
      if (request.pattern === PATTERNS.offerFiles) return pages((request.data as { cursor?: string }).cursor);
      if (request.pattern !== PATTERNS.offerAnswer) return answer(request, sendData);
      answers.push(request.data);
      return {};
    };
    const make = { offerId: 'offer-1', lifetimeMs: 60_000, ...claims };
    return peer.session.request(PATTERNS.offerMake, make);
  }

  const whole: Pages = () => ({ entries: [file.entry], nextCursor: null });
  const waiting = () => untilOffer(node.api, (each) => each.peerId === peer.id && each.state === 'waiting');
  const transfers = async () => (await node.api.get<{ total: number }>('/transfers')).total;

  it('is believed as long as it tells the truth', async () => {
    expect(await offer({ count: 1, bytes: 1_000 }, whole)).toEqual({ isError: false, value: {} });
    const { transferId = '' } = await node.api.acceptOffer((await waiting()).id);
    await untilState(node.api, transferId, 'complete');
    expect(answers).toEqual([{ offerId: 'offer-1', accept: true }]);
    const reply = await peer.session.request(PATTERNS.transferStatus, { offerId: 'offer-1' });
    expect(reply).toEqual({ isError: false, value: { state: 'complete', doneBytes: 1_000, totalBytes: 1_000 } });
  });

  it.each<[string, { count: number; bytes: number }, Pages]>([
    ['an empty page', { count: 1, bytes: 1_000 }, () => ({ entries: [], nextCursor: 'x' })],
    ['a folder', { count: 1, bytes: 0 }, () => ({ entries: [{ ...file.entry, kind: 'folder' }], nextCursor: null })],
    [
      'a kind of file that there is not',
      { count: 1, bytes: 1_000 },
      () => ({ entries: [{ ...file.entry, kind: 'symlink' as 'file' }], nextCursor: null }),
    ],
  ])('loses its session for %s, and nothing begins', async (_what, claims, pages) => {
    const before = await transfers();
    await offer(claims, pages);
    const { id } = await waiting();
    expectProblem(await node.api.call('POST', `/offers/${id}/accept`, {}), 502, 'peer-refused');
    await withDeadline(peer.session.ended, 5_000, 'the end of the session');
    expect((await node.api.offer(id)).state).toBe('withdrawn');
    expect(await transfers()).toBe(before);
    expect(answers).toEqual([]);
  });

  it('loses its session when it makes another offer under the same id, not when it repeats itself', async () => {
    await offer({ count: 1, bytes: 1_000 }, whole);
    const { id } = await waiting();
    expect(await offer({ count: 1, bytes: 1_000 }, whole)).toMatchObject({ isError: false });
    expect((await node.api.offers()).items.filter(({ peerId }) => peerId === peer.id)).toHaveLength(1);
    peer.session.ask(PATTERNS.offerMake, { offerId: 'offer-1', count: 2, bytes: 1_000, lifetimeMs: 60_000 });
    await withDeadline(peer.session.ended, 5_000, 'the end of the session');
    expect((await node.api.offer(id)).files.count).toBe(1);
  });

  it.each([
    ['100,001 files', { count: 100_001 }],
    ['more than any disk holds', { bytes: 2 ** 52 }],
  ])('is refused an offer of %s', async (_what, claims) => {
    const reply = await offer({ count: 1, bytes: 1_000, ...claims }, whole);
    expect(reply).toMatchObject({ isError: true, error: { name: 'OFFER_REFUSED' } });
    expect((await node.api.offers()).items.filter(({ peerId }) => peerId === peer.id)).toEqual([]);
  });

  it('whose offer is not answered in its time gets no answer any more', async () => {
    await offer({ count: 1, bytes: 1_000, lifetimeMs: 200 }, whole);
    const expired = await untilOffer(node.api, (each) => each.peerId === peer.id && each.state === 'expired');
    expectProblem(await node.api.call('POST', `/offers/${expired.id}/accept`, {}), 410, 'offer-expired');
    expect(await peer.session.request(PATTERNS.transferStatus, { offerId: 'offer-1' })).toMatchObject({
      isError: true,
    });
  });

  it('may offer 100,000 files, which are stored page by page', async () => {
    const count = 100_000;
    const pages: Pages = (cursor = '0') => {
      const from = Number(cursor);
      const entries = Array.from({ length: 250 }, (_, index) => {
        const name = `${from + index}.txt`;
        return { ...file.entry, id: String(from + index), name, path: `folder/${name}`, size: 1 };
      });
      return { entries, nextCursor: from + 250 < count ? String(from + 250) : null };
    };
    await offer({ count, bytes: count }, pages);
    const { transferId = '' } = await node.api.acceptOffer((await waiting()).id);
    expect(await node.api.transfer(transferId)).toMatchObject({ files: { total: count }, totalBytes: count });
    await node.api.removeTransfer(transferId);
  }, 60_000);
});
