import { formatInvitation, PATTERNS, ProtocolError, toBase64Url } from '@ferry/protocol';
import { TestDevice } from '../../transport/testing/test-device';
import { TestNode } from '../testing/test-node';

const secret = toBase64Url(new Uint8Array(32).fill(1));

describe('claiming the invitation of a device that asks before it answers', () => {
  let node: TestNode;
  let inviter: TestDevice;
  /** What the inviter got when it asked for our files while our claim was under way. */
  let asked: Promise<unknown>;

  const start = async (answer: () => unknown): Promise<string> => {
    inviter = await TestDevice.start({
      name: 'Inviter',
      handlers: {
        [PATTERNS.pairClaim]: (_data, { session }) => {
          asked = session.request(PATTERNS.filesList, {}).catch((error: unknown) => error);
          return answer();
        },
        [PATTERNS.filesList]: () => ({ entries: [], nextCursor: null, total: 0 }),
      },
    });
    return formatInvitation({ deviceId: inviter.id, addresses: [inviter.address], secret, name: 'Inviter' });
  };

  beforeEach(async () => {
    node = await TestNode.start({ name: 'Claimer' });
    await node.upload('private.txt', 'private');
  });
  afterEach(() => Promise.all([node.remove(), inviter.stop()]));

  it('tells it nothing when it does not pair', async () => {
    const uri = await start(() => {
      throw new ProtocolError('INTERNAL', 'never');
    });
    expect(await node.call('POST', '/pairings/claim', { uri })).toMatchObject({ status: 502 });
    expect(await asked).toMatchObject({ name: 'PeerError' });
    expect(node.peers.list().total).toBe(0);
  });

  it('answers it once trust is stored', async () => {
    const uri = await start(() => ({ name: 'Inviter' }));
    expect(await node.call('POST', '/pairings/claim', { uri })).toMatchObject({ status: 201 });
    expect(await asked).toMatchObject({ entries: [{ name: 'private.txt' }], total: 1 });
  });
});
