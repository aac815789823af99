import type { Transfer } from '@ferry/protocol';
import { TestNode } from '../peers/testing/test-node';
import type { TestDevice } from '../transport/testing/test-device';
import { describeEntries } from './pull/describe-entries';
import { holdDisk } from './testing/held-disk';
import { startSilentPeer } from './testing/silent-peer';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

const onPosix = process.platform === 'win32' ? it.skip : it;

describe('a peer that forgets this device during a transfer', () => {
  let node: TestNode;
  let peer: TestDevice;

  beforeEach(async () => {
    node = await TestNode.start({ name: 'Here', peersOptions: { backOffFirstMs: 5, backOffMaxMs: 20 } });
    peer = await startSilentPeer(node, Infinity);
  });
  afterEach(() => Promise.all([node.remove(), peer.stop()]));

  onPosix('fails it with the reason, also when that is known before the disk is done with it', async () => {
    const session = await node.peers.sessionFor(peer.id);
    const distrusted = new Promise((resolve) => node.peers.news.onDistrusted(resolve));
    const offline = new Promise((resolve) => node.peers.news.onOffline(resolve));
    const isNow = (state: string): boolean =>
      node.published().some(([type, data]) => type === 'transfers.changed' && (data as Transfer).state === state);
    await node.call('GET', '/transfers'); // what is loaded with the first call needs the disk
    const release = holdDisk();
    const { body } = await node.call('POST', '/transfers', { peerId: peer.id, entryIds: ['a'] });
    try {
      await node.until(() => isNow('connecting'));
      // Answers come in order: after these the transfer has its own, and waits for the disk.
      for (let round = 0; round < 2; round += 1) await describeEntries(session, ['a']);
      peer.transport.useTrust(() => false);
      peer.transport.closeSessions(node.id);
      await offline;
      expect(await distrusted).toBe(peer.id);
      expect(isNow('waiting-for-peer')).toBe(false);
    } finally {
      await release();
    }
    const { id } = body as unknown as Transfer;
    await node.until(() => isNow('failed'));
    expect(await node.call('GET', `/transfers/${id}`)).toMatchObject({ body: { error: { code: 'peer-untrusted' } } });
  });
});
