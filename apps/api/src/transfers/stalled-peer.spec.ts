import type { FileEntry, Page, Transfer } from '@ferry/protocol';
import { pair } from '../peers/testing/pair';
import { TestNode } from '../peers/testing/test-node';
import type { TestDevice } from '../transport/testing/test-device';
import { describeEntries } from './pull/describe-entries';
import { startSilentPeer } from './testing/silent-peer';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('a peer that answers PING and nothing about its files', () => {
  const peersOptions = { backOffFirstMs: 5, backOffMaxMs: 20 };
  let node: TestNode;
  let friend: TestNode;
  let silent: TestDevice;

  beforeEach(async () => {
    const env = { FERRY_PEER_TIMEOUT_MS: '1000' };
    [node, friend] = await Promise.all([
      TestNode.start({ name: 'Here', peersOptions, env }),
      TestNode.start({ name: 'Friend' }),
    ]);
    await pair(node, friend);
  });
  afterEach(async () => {
    await Promise.all([node.remove(), friend.remove()]);
    await silent.stop();
  });

  const ask = async (peerId: string, entryId: string): Promise<Transfer> => {
    const { status, body } = await node.call('POST', '/transfers', { peerId, entryIds: [entryId] });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body as unknown as Transfer;
  };
  const states = (id: string): string[] =>
    node
      .published()
      .filter(([type, data]) => type === 'transfers.changed' && (data as Transfer).id === id)
      .map(([, data]) => (data as Transfer).state);

  it.each([
    ['the head', 1],
    ['the hashes', 2],
  ])('lets a transfer that waits for %s wait for the peer, and says why', async (_what, answers) => {
    silent = await startSilentPeer(node, answers);
    const { id } = await ask(silent.id, 'a');
    await node.until(() => states(id).includes('waiting-for-peer'));
    expect(await node.call('GET', `/transfers/${id}`)).toMatchObject({
      body: { error: { code: 'peer-unreachable', detail: 'The peer sent nothing for 1 s.' } },
    });
    await node.until(() => states(id).filter((state) => state === 'connecting').length >= 2); // it is tried again
  });

  it('does not keep the files of others from coming, however many transfers wait for it', async () => {
    silent = await startSilentPeer(node, 1);
    const stalled = await Promise.all(['a', 'b', 'c', 'd'].map((entryId) => ask(silent.id, entryId)));
    await node.until(() => stalled.some(({ id }) => states(id).includes('waiting-for-peer')));
    await friend.upload('a.txt', 'first');
    const { body } = await friend.call('GET', '/files?scope=shared');
    const [entry] = (body as unknown as Page<FileEntry>).items;
    const { id } = await ask(friend.id, entry?.id as string);
    await node.until(() => states(id).includes('complete'));
    await node.until(() => stalled.every((each) => states(each.id).includes('waiting-for-peer')));
  });

  it('is given up by who asks for its files', async () => {
    silent = await startSilentPeer(node, 0);
    const session = await node.peers.sessionFor(silent.id);
    await expect(describeEntries(session, ['a', 'b'], 200)).rejects.toMatchObject({
      name: 'PeerError',
      code: 'TIMEOUT',
      message: 'The other device did not describe the files within 0.2 seconds.',
    });
  });
});
