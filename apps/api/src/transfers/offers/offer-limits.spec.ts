import type { FileEntry, Offer, Page } from '@ferry/protocol';
import { pair } from '../../peers/testing/pair';
import { TestNode } from '../../peers/testing/test-node';
import { TransferQueue } from '../transfer-queue';

describe('a device with as many offers under way as it may have', () => {
  it('makes no further one, until a peer that accepted one goes away', async () => {
    const names = ['Ada', 'Bob', 'Cleo'];
    const start = (name: string) => TestNode.start({ name, offersOptions: { maxOutgoing: 1, statusMs: 50 } });
    const [ada, bob, cleo] = (await Promise.all(names.map(start))) as [TestNode, TestNode, TestNode];
    await pair(ada, bob);
    await pair(ada, cleo);
    await ada.upload('a.txt', 'first');
    const { body: files } = await ada.call('GET', '/files?scope=shared');
    const entryIds = (files as unknown as Page<FileEntry>).items.map(({ id }) => id);
    const offerTo = (node: TestNode) => ada.call('POST', '/offers', { peerIds: [node.id], entryIds });
    expect((await offerTo(bob)).status).toBe(201);
    expect(await offerTo(cleo)).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    await bob.provider(TransferQueue).onModuleDestroy(); // its transfer will not come to an end
    const { body: offers } = await bob.call('GET', '/offers');
    const id = (offers as unknown as Page<Offer>).items[0]?.id;
    expect((await bob.call('POST', `/offers/${id}/accept`, {})).status).toBe(200);
    expect((await offerTo(cleo)).status).toBe(429);
    await bob.stop();
    await ada.until(() => ada.peers.get(bob.id).state === 'offline');
    expect((await offerTo(cleo)).status).toBe(201);
    await Promise.all([ada.remove(), bob.remove(), cleo.remove()]);
  });
});

describe('an offer that nobody answers', () => {
  it('expires on both sides', async () => {
    const offersOptions = { lifetimeMs: 300 };
    const [ada, bob] = await Promise.all([
      TestNode.start({ name: 'Ada', offersOptions }),
      TestNode.start({ name: 'Bob' }),
    ]);
    await pair(ada, bob);
    await ada.upload('a.txt', 'first');
    const { body } = await ada.call('GET', '/files?scope=shared');
    const [entry] = (body as unknown as Page<FileEntry>).items;
    await ada.call('POST', '/offers', { peerIds: [bob.id], entryIds: [entry?.id] });
    const isExpired = (node: TestNode) => () =>
      node.published().some(([type, data]) => type === 'offers.changed' && (data as Offer).state === 'expired');
    await Promise.all([ada.until(isExpired(ada)), bob.until(isExpired(bob))]);
    const { body: offers } = await bob.call('GET', '/offers');
    const id = (offers as unknown as Page<Offer>).items[0]?.id;
    expect(await bob.call('POST', `/offers/${id}/accept`, {})).toMatchObject({
      status: 410,
      body: { code: 'offer-expired' },
    });
    await Promise.all([ada.remove(), bob.remove()]);
  });
});
