import { createHash } from 'node:crypto';
import {
  DATA_PREFIX_BYTES,
  encodeHashPrefix,
  HASH_BYTES,
  LEAF_PREFIX,
  PATTERNS,
  type FileManifestHead,
  type Transfer,
} from '@ferry/protocol';
import { TestNode } from '../peers/testing/test-node';
import { DataAnswer } from '../transport/data-answer';
import type { TestDevice } from '../transport/testing/test-device';
import { describeEntries } from './pull/describe-entries';
import { holdDisk } from './testing/held-disk';
import { startPairedDevice } from './testing/paired-device';
import { silentHead } from './testing/silent-peer';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

const onPosix = process.platform === 'win32' ? it.skip : it;

/** Of a file of one block that holds "hello". */
const HASH = createHash('sha256').update(LEAF_PREFIX).update('hello').digest();
const HEAD: FileManifestHead = { ...silentHead('a'), fileId: HASH.toString('hex') };

/** Its content never comes. */
const hashes = (): DataAnswer =>
  new DataAnswer(async (writer) => {
    const frame = await writer.frame(DATA_PREFIX_BYTES + HASH_BYTES);
    encodeHashPrefix({ firstBlock: 0, count: 1 }, frame.payload, 0);
    frame.payload.set(HASH, DATA_PREFIX_BYTES);
    writer.send(frame);
    return HEAD;
  });

describe('a peer that forgets this device during a transfer', () => {
  let node: TestNode;
  let peer: TestDevice;
  let beginRun: () => void;

  beforeEach(async () => {
    node = await TestNode.start({ name: 'Here', peersOptions: { backOffFirstMs: 5, backOffMaxMs: 20 } });
    const isBegun = new Promise<void>((resolve) => (beginRun = resolve));
    let heads = 0;
    const head = async (): Promise<FileManifestHead> => {
      heads += 1;
      if (heads > 1) await isBegun; // the first is asked for when the transfer is made
      return HEAD;
    };
    peer = await startPairedDevice(node, {
      handlers: {
        [PATTERNS.fileManifest]: (data) => ((data as { blockCount: number }).blockCount === 0 ? head() : hashes()),
      },
    });
  });
  afterEach(() => Promise.all([node.remove(), peer.stop()]));

  onPosix('fails it with the reason, also when that is known before the disk is done with it', async () => {
    const session = await node.peers.sessionFor(peer.id);
    const distrusted = new Promise((resolve) => node.peers.news.onDistrusted(resolve));
    const offline = new Promise((resolve) => node.peers.news.onOffline(resolve));
    const isNow = (state: string): boolean =>
      node.published().some(([type, data]) => type === 'transfers.changed' && (data as Transfer).state === state);
    const { body } = await node.call('POST', '/transfers', { peerId: peer.id, entryIds: ['a'] });
    await node.until(() => isNow('connecting'));
    const release = holdDisk();
    try {
      beginRun();
      // Answers come in order: after these the transfer has head and hashes, and waits for the disk.
      for (let round = 0; round < 3; round += 1) await describeEntries(session, ['a']);
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
