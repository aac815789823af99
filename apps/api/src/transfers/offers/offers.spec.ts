import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry, Offer, Page, Problem, RemoteEntry, Transfer } from '@ferry/protocol';
import { pair } from '../../peers/testing/pair';
import { TestNode } from '../../peers/testing/test-node';

describe('offers between two nodes', () => {
  let ada: TestNode;
  let bob: TestNode;

  beforeEach(async () => {
    const offersOptions = { statusMs: 100, lifetimeMs: 30_000, offlineGraceMs: 100 };
    [ada, bob] = await Promise.all(
      ['Ada', 'Bob'].map((name) => TestNode.start({ name, offersOptions })) as [Promise<TestNode>, Promise<TestNode>],
    );
    await pair(ada, bob);
  });
  afterEach(() => Promise.all([ada.remove(), bob.remove()]));

  async function ok<T>(node: TestNode, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await node.call(method, path, body);
    if (answer.status > 299) throw new Error(`${method} ${path} answered ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  async function refusal(node: TestNode, method: string, path: string, body?: unknown): Promise<[number, string]> {
    const { status, body: problem } = await node.call(method, path, body);
    return [status, (problem as unknown as Problem).code];
  }

  async function share(...files: [name: string, content: string][]): Promise<FileEntry[]> {
    for (const [name, content] of files) await ada.upload(name, content);
    const { items } = await ok<Page<FileEntry>>(ada, 'GET', '/files?scope=shared');
    return files.map(([name]) => items.find((entry) => entry.name === name) as FileEntry);
  }

  async function offer(entries: readonly FileEntry[], message?: string): Promise<Offer> {
    const body = { peerIds: [bob.id], entryIds: entries.map(({ id }) => id), message };
    const { items } = await ok<Page<Offer>>(ada, 'POST', '/offers', body);
    return items[0] as Offer;
  }

  /** The newest offer of a node once it is as wanted. */
  async function until(node: TestNode, isWanted: (offer: Offer) => boolean): Promise<Offer> {
    for (;;) {
      const { newest } = node.events;
      const [latest] = (await ok<Page<Offer>>(node, 'GET', '/offers')).items;
      if (latest && isWanted(latest)) return latest;
      await node.until(() => node.events.newest > newest);
    }
  }

  const untilState = (node: TestNode, state: Offer['state']) => until(node, (each) => each.state === state);

  async function untilTransferred(id: string): Promise<Transfer> {
    for (;;) {
      const { newest } = bob.events;
      const transfer = await ok<Transfer>(bob, 'GET', `/transfers/${id}`);
      if (['complete', 'failed'].includes(transfer.state)) return transfer;
      await bob.until(() => bob.events.newest > newest);
    }
  }

  const received = (path: string) => readFileSync(join(bob.folder, 'received_files', path), 'utf8');

  it('are shown on both sides, and the files can be looked at', async () => {
    const entries = await share(['a.txt', 'first'], ['b.txt', 'second one']);
    const made = await offer(entries, '  For\u202e you\n');
    expect(made).toMatchObject({ direction: 'out', state: 'waiting', peerId: bob.id, files: { count: 2, bytes: 15 } });
    const got = await untilState(bob, 'waiting');
    expect(got).toMatchObject({
      direction: 'in',
      peerId: ada.id,
      message: 'For you',
      files: { count: 2, bytes: 15 },
    });
    const page = await ok<Page<RemoteEntry>>(bob, 'GET', `/offers/${got.id}/files?limit=1`);
    expect(page).toMatchObject({ items: [{ path: 'a.txt', size: 5 }], total: 2 });
    const next = await ok<Page<RemoteEntry>>(bob, 'GET', `/offers/${got.id}/files?limit=1&cursor=${page.nextCursor}`);
    expect(next).toMatchObject({ items: [{ path: 'b.txt' }], nextCursor: null });
    expect((await ok<Page<RemoteEntry>>(ada, 'GET', `/offers/${made.id}/files`)).items).toHaveLength(2);
    expect(await refusal(bob, 'GET', `/offers/${got.id}/files?cursor=x`)).toEqual([400, 'bad-cursor']);
    expect(await refusal(bob, 'GET', `/offers/${got.id}/files?cursor=0:x`)).toEqual([400, 'bad-cursor']);
  });

  it('accepted, become one transfer that the giver can follow to its end', async () => {
    const entries = await share(['a.txt', 'first'], ['b.txt', 'second one']);
    await offer(entries);
    const got = await untilState(bob, 'waiting');
    const accepted = await ok<Offer>(bob, 'POST', `/offers/${got.id}/accept`, {});
    expect(accepted).toMatchObject({ state: 'accepted', transferId: expect.any(String) as string });
    expect(await untilTransferred(String(accepted.transferId))).toMatchObject({
      state: 'complete',
      name: 'a.txt and 1 more',
      files: { done: 2, total: 2 },
    });
    expect([received('a.txt'), received('b.txt')]).toEqual(['first', 'second one']);
    const done = await until(ada, (each) => each.transferState === 'complete');
    expect(done).toMatchObject({ state: 'accepted', doneBytes: 15, acceptedBytes: 15 });
    expect(await refusal(bob, 'POST', `/offers/${got.id}/accept`, {})).toEqual([409, 'offer-answered']);
    expect(await refusal(ada, 'DELETE', `/offers/${done.id}`)).toEqual([409, 'offer-answered']);
  });

  it('can be accepted in part', async () => {
    const entries = await share(['a.txt', 'first'], ['b.txt', 'second one']);
    await offer(entries);
    const got = await untilState(bob, 'waiting');
    const accept = `/offers/${got.id}/accept`;
    expect(await refusal(bob, 'POST', accept, { entryIds: ['nothing'] })).toEqual([404, 'file-not-found']);
    expect(await refusal(bob, 'POST', accept, { entryIds: [] })).toEqual([400, 'validation']);
    const accepted = await ok<Offer>(bob, 'POST', accept, { entryIds: [entries[1]?.id] });
    expect(await untilTransferred(String(accepted.transferId))).toMatchObject({ name: 'b.txt', totalBytes: 10 });
    expect(await until(ada, (each) => each.transferState === 'complete')).toMatchObject({
      files: { bytes: 15 },
      doneBytes: 10,
      acceptedBytes: 10,
    });
  });

  it('make files readable to the peer that nobody may see otherwise, until they are answered', async () => {
    const [entry] = (await share(['secret.txt', 'for Bob only'])) as [FileEntry];
    await ok(ada, 'PATCH', `/files/${entry.id}`, { visibility: 'none' });
    const pull = { peerId: ada.id, entryIds: [entry.id] };
    expect(await refusal(bob, 'POST', '/transfers', pull)).toEqual([404, 'file-not-found']);
    await offer([entry]);
    const got = await untilState(bob, 'waiting');
    const accepted = await ok<Offer>(bob, 'POST', `/offers/${got.id}/accept`, {});
    expect((await untilTransferred(String(accepted.transferId))).state).toBe('complete');
    expect(received('secret.txt')).toBe('for Bob only');
    await until(ada, (each) => each.transferState === 'complete');
    expect(await refusal(bob, 'POST', '/transfers', pull)).toEqual([404, 'file-not-found']);
  });

  it('can be declined', async () => {
    await offer(await share(['a.txt', 'first']));
    const got = await untilState(bob, 'waiting');
    expect(await ok<Offer>(bob, 'POST', `/offers/${got.id}/decline`)).toMatchObject({ state: 'declined' });
    await untilState(ada, 'declined');
    expect(await refusal(bob, 'POST', `/offers/${got.id}/accept`, {})).toEqual([409, 'offer-answered']);
    expect(await refusal(bob, 'GET', `/offers/${got.id}/files`)).toEqual([410, 'offer-expired']);
  });

  it('can be taken back before they are answered', async () => {
    const made = await offer(await share(['a.txt', 'first']));
    const got = await untilState(bob, 'waiting');
    expect(await refusal(ada, 'POST', `/offers/${made.id}/accept`, {})).toEqual([409, 'illegal-transition']);
    expect(await refusal(bob, 'DELETE', `/offers/${got.id}`)).toEqual([409, 'illegal-transition']);
    await ok(ada, 'DELETE', `/offers/${made.id}`);
    await untilState(bob, 'withdrawn');
    expect(await refusal(bob, 'POST', `/offers/${got.id}/accept`, {})).toEqual([410, 'offer-expired']);
  });

  it('that are small enough for the peer are accepted without asking', async () => {
    await ok(bob, 'PATCH', `/peers/${ada.id}`, { permissions: { autoAcceptBytes: 5 } });
    await offer(await share(['a.txt', 'first']));
    const accepted = await untilState(bob, 'accepted');
    await untilTransferred(String(accepted.transferId));
    expect(received('a.txt')).toBe('first');
    await offer(await share(['b.txt', 'longer']));
    expect((await until(bob, (each) => each.files.bytes === 6)).state).toBe('waiting');
  });

  it('are refused while the peer may not send', async () => {
    await ok(bob, 'PATCH', `/peers/${ada.id}`, { permissions: { sendToMe: false } });
    const [entry] = (await share(['a.txt', 'first'])) as [FileEntry];
    const body = { peerIds: [bob.id], entryIds: [entry.id] };
    expect(await refusal(ada, 'POST', '/offers', body)).toEqual([409, 'offer-refused']);
    expect((await ok<Page<Offer>>(ada, 'GET', '/offers')).total).toBe(0);
    expect((await ok<Page<Offer>>(bob, 'GET', '/offers')).total).toBe(0);
  });

  it('end when a file is not any more what was offered', async () => {
    const [entry] = (await share(['a.txt', 'first'])) as [FileEntry];
    await offer([entry]);
    const got = await untilState(bob, 'waiting');
    await ok(ada, 'DELETE', `/files/${entry.id}`);
    expect(await refusal(bob, 'POST', `/offers/${got.id}/accept`, {})).toEqual([410, 'offer-expired']);
    await untilState(ada, 'withdrawn');
    await untilState(bob, 'withdrawn');
    expect((await ok<Page<Transfer>>(bob, 'GET', '/transfers')).total).toBe(0);
  });

  it('end when the peer stays away', async () => {
    await offer(await share(['a.txt', 'first']));
    await untilState(bob, 'waiting');
    await ada.stop();
    await untilState(bob, 'withdrawn');
  });

  it('end for the giver when the peer stays away', async () => {
    await offer(await share(['a.txt', 'first']));
    await untilState(bob, 'waiting');
    await bob.stop();
    await untilState(ada, 'expired');
  });

  it('end when the peer is forgotten', async () => {
    await offer(await share(['a.txt', 'first']));
    await untilState(bob, 'waiting');
    await ok(bob, 'DELETE', `/peers/${ada.id}`);
    await untilState(bob, 'withdrawn');
  });

  it('name only files of this device and peers that are here', async () => {
    const [entry] = (await share(['a.txt', 'first'])) as [FileEntry];
    const offers = (peerIds: string[], entryIds: string[]) => refusal(ada, 'POST', '/offers', { peerIds, entryIds });
    expect(await offers([bob.id], ['nothing'])).toEqual([404, 'file-not-found']);
    expect(await offers(['NOBODY'], [entry.id])).toEqual([404, 'peer-not-found']);
    expect(await offers([], [entry.id])).toEqual([400, 'validation']);
    expect(await offers([bob.id], [])).toEqual([400, 'validation']);
    await bob.stop();
    expect(await offers([bob.id], [entry.id])).toEqual([503, 'peer-offline']);
    expect(await refusal(ada, 'GET', '/offers/nothing')).toEqual([404, 'offer-not-found']);
  });

  it('are listed newest first, page by page', async () => {
    const [entry] = (await share(['a.txt', 'first'])) as [FileEntry];
    const made = [await offer([entry]), await offer([entry]), await offer([entry])];
    const first = await ok<Page<Offer>>(ada, 'GET', '/offers?limit=2&direction=out');
    expect(first.items.map(({ id }) => id)).toEqual([made[2]?.id, made[1]?.id]);
    const rest = await ok<Page<Offer>>(ada, 'GET', `/offers?limit=2&cursor=${first.nextCursor}`);
    expect(rest).toMatchObject({ items: [{ id: made[0]?.id }], nextCursor: null, total: 3 });
    expect((await ok<Page<Offer>>(ada, 'GET', '/offers?direction=in')).total).toBe(0);
    expect(await refusal(ada, 'GET', '/offers?cursor=x')).toEqual([400, 'bad-cursor']);
  });
});
