import type { RemoteEntry } from '@ferry/protocol';
import { TestNode } from '../../peers/testing/test-node';
import { TransfersRepository } from '../transfers.repository';
import { OfferTransfers } from './offer-transfers';

const entry = (id: string, path = `${id}.txt`): RemoteEntry => ({
  id,
  name: path,
  path,
  size: 10,
  mediaType: 'text/plain',
  modifiedAt: '2024-05-06T07:08:09.000Z',
  kind: 'file',
  state: 'ready',
  fileId: 'f'.repeat(64),
});

describe('a transfer that grows out of an offer', () => {
  let node: TestNode;
  let transfers: OfferTransfers;

  beforeEach(async () => {
    node = await TestNode.start({ name: 'node' });
    transfers = node.provider(OfferTransfers);
  });
  afterEach(() => node.remove());

  const listed = async () => (await node.call('GET', '/transfers')).body;
  const stored = () => node.provider(TransfersRepository).idsIn(['pending-approval']);

  it('is seen by nobody before it is finished, and holds then what came page by page', async () => {
    const draft = transfers.draft('PEER', 'offer');
    await draft.add([entry('a'), entry('b')]);
    await draft.add([]);
    await draft.add([entry('c')]);
    expect(await listed()).toMatchObject({ items: [], total: 0 });
    expect(transfers.find('PEER', 'offer')).toBeUndefined();
    const transfer = draft.finish();
    expect(transfer).toMatchObject({ name: 'a.txt and 2 more', files: { total: 3 }, totalBytes: 30 });
    expect(await listed()).toMatchObject({ items: [{ id: transfer.id }], total: 1 });
    expect(transfers.find('PEER', 'offer')?.id).toBe(transfer.id);
    expect(transfers.find('OTHER', 'offer')).toBeUndefined();
    const { body } = await node.call('GET', `/transfers/${transfer.id}/files`);
    expect(body).toMatchObject({ items: [{ entryId: 'a' }, { entryId: 'b' }, { entryId: 'c' }] });
  });

  it('leaves nothing when it is given up', async () => {
    const draft = transfers.draft('PEER', 'offer');
    await draft.add([entry('a')]);
    await draft.discard();
    expect(stored()).toEqual([]);
  });

  it('begins when some of its files may be received, and not when none may', async () => {
    const some = transfers.draft('PEER', 'one');
    await some.add([entry('a', '../evil.txt'), entry('b')]);
    expect(() => some.assertSomeAccepted()).not.toThrow();
    const none = transfers.draft('PEER', 'two');
    await none.add([entry('a', '../evil.txt'), entry('b', 'program.exe')]);
    expect(() => none.assertSomeAccepted()).toThrow(expect.objectContaining({ code: 'UNSAFE_NAME' }) as Error);
  });

  it('is gone after a restart when it was not finished', async () => {
    await transfers.draft('PEER', 'offer').add([entry('a')]);
    expect(stored()).toHaveLength(1);
    await node.stop();
    node = await TestNode.start({ name: 'node', folder: node.folder });
    expect(stored()).toEqual([]);
  });
});
