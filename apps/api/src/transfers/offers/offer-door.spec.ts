import { PATTERNS, type FileEntry, type Offer, type Page } from '@ferry/protocol';
import { pair } from '../../peers/testing/pair';
import { TestNode } from '../../peers/testing/test-node';
import { TransferQueue } from '../transfer-queue';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('the door for offers', () => {
  let ada: TestNode;
  let bob: TestNode;

  beforeEach(async () => {
    const env = { FERRY_MAX_FILE_SIZE: String(2 ** 42) };
    const offersOptions = { maxAutoAccepted: 2 };
    [ada, bob] = await Promise.all([
      TestNode.start({ name: 'Ada' }),
      TestNode.start({ name: 'Bob', offersOptions, env }),
    ]);
    await pair(ada, bob);
  });
  afterEach(() => Promise.all([ada.remove(), bob.remove()]));

  it.each([
    ['a file larger than is taken', 1, 2 ** 42 + 1],
    ['more than the disk has room for', 100_000, 2 ** 52],
  ])('tells a peer that offers %s no number, and always the same', async (_what, count, bytes) => {
    const session = await ada.peers.sessionFor(bob.id);
    const make = { offerId: 'probe', count, bytes, lifetimeMs: 1000 };
    await expect(session.request(PATTERNS.offerMake, make)).rejects.toMatchObject({
      remoteCode: 'OFFER_REFUSED',
      message: 'The other device answered: it is more than this device takes',
    });
    expect(session.isOpen).toBe(true);
  });

  it('lets as many in without asking as may be under way; the others wait for the user', async () => {
    await bob.call('PATCH', `/peers/${ada.id}`, { permissions: { autoAcceptBytes: 100 } });
    await bob.provider(TransferQueue).onModuleDestroy(); // its transfers will not come to an end
    await ada.upload('a.txt', 'first');
    const { body } = await ada.call('GET', '/files?scope=shared');
    const entryIds = (body as unknown as Page<FileEntry>).items.map(({ id }) => id);
    for (let count = 0; count < 3; count += 1) await ada.call('POST', '/offers', { peerIds: [bob.id], entryIds });

    const accepted = () =>
      bob.published().filter(([type, data]) => type === 'offers.changed' && (data as Offer).state === 'accepted');
    await bob.until(() => accepted().length === 2);
    const { body: offers } = await bob.call('GET', '/offers');
    const [latest] = (offers as unknown as Page<Offer>).items;
    expect((offers as unknown as Page<Offer>).items.map(({ state }) => state)).toEqual([
      'waiting',
      'accepted',
      'accepted',
    ]);
    expect((await bob.call('POST', `/offers/${latest?.id}/accept`, {})).status).toBe(200);
  });
});
