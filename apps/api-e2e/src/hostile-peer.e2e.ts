import { randomBytes } from 'node:crypto';
import { MAX_FILE_BYTES } from '@ferry/protocol';
import { listTree, listVisible, MEBIBYTE, NodeGroup, type NodeProcess, untilState } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';
import { OfferedFile } from './support/offered-file';
import { TestPeer } from './support/test-peer';

const SIZE = 5 * MEBIBYTE + 1234;
const LIMIT = 64 * MEBIBYTE;

/** One bit in the middle of one block. */
function flipBit(block: Uint8Array, index: number): void {
  if (index === 3) block[block.length >> 1] = (block[block.length >> 1] ?? 0) ^ 1;
}

describe('a paired peer that lies', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let peer: TestPeer;

  beforeAll(async () => {
    node = await group.start('victim', {
      env: { FERRY_MAX_FILE_SIZE: String(LIMIT), FERRY_ALLOWED_EXTENSIONS: 'bin,txt' },
    });
    const offered = (id: string, path: string, ...rest: [onBlock?: typeof flipBit, claims?: object]) =>
      new OfferedFile(id, path, randomBytes(SIZE), ...rest);
    const nothing = () => undefined;
    peer = await TestPeer.pairWith(node, [
      offered('honest', 'honest.bin'),
      offered('corrupt', 'corrupt.bin', flipBit),
      offered('manifest', 'manifest.bin', nothing, { fileId: 'ab'.repeat(32) }),
      offered('traversal', '../../outside.bin'),
      offered('absolute', '/tmp/outside.bin'),
      offered('program', 'program.exe'),
      offered('large', 'large.bin', nothing, { size: LIMIT + 1, blockCount: 65 }),
    ]);
    group.defer(async () => peer.close());
  });
  afterAll(() => group.dispose());

  afterEach(async () => {
    expect(node.isRunning).toBe(true);
    expect((await node.api.fetch('/health/ready')).status).toBe(200);
    expect(await listVisible(node.folders.received)).toEqual(['honest.bin']);
    expect((await listTree(node.folders.root)).filter((path) => path.includes('outside'))).toEqual([]);
  });

  it('is believed as long as it tells the truth', async () => {
    const { id } = await node.api.pull(peer.id, ['honest']);
    expect(await untilState(node.api, id, 'complete')).toMatchObject({ doneBytes: SIZE });
  });

  it('never gets a corrupted block under the final name', async () => {
    const { id } = await node.api.pull(peer.id, ['corrupt']);
    const failed = await untilState(node.api, id, 'failed');
    expect(failed.error).toMatchObject({ code: 'hash-mismatch', detail: expect.stringMatching(/\S/) as string });
    expect(failed.verifiedBytes).toBeLessThanOrEqual(SIZE - MEBIBYTE);
    await node.api.removeTransfer(id);
    expect((await listTree(node.folders.received)).filter((path) => !path.endsWith('/'))).toEqual(['honest.bin']);
  });

  it('is found out when the block hashes are not those of the file id', async () => {
    const { id } = await node.api.pull(peer.id, ['manifest']);
    expect((await untilState(node.api, id, 'failed')).error).toMatchObject({ code: 'hash-mismatch' });
  });

  it.each([
    ['traversal', 400, 'unsafe-path'],
    ['absolute', 400, 'unsafe-path'],
    ['program', 415, 'extension-not-allowed'],
    ['large', 413, 'file-too-large'],
    ['no such entry', 404, 'file-not-found'],
  ] as const)('is refused before the first byte: %s', async (entryId, status, code) => {
    expectProblem(await node.api.call('POST', '/transfers', { peerId: peer.id, entryIds: [entryId] }), status, code);
  });

  it('costs nobody else anything: the next honest pull works', async () => {
    const honest = await TestPeer.pairWith(node, [new OfferedFile('small', 'honest.bin', randomBytes(10))]);
    const { id } = await node.api.pull(honest.id, ['small']);
    await untilState(node.api, id, 'complete');
    const { items } = await node.api.files('received');
    const copy = items.find((entry) => entry.name === 'honest (2).bin');
    await node.api.ok('DELETE', `/files/${copy?.id}`);
    honest.close();
  });
});

describe('a paired peer that claims a file larger than the disk', () => {
  const group = new NodeGroup();
  afterAll(() => group.dispose());

  it('is not even asked for its block hashes, and others are not held up', async () => {
    const node = await group.start('victim', { env: { FERRY_MAX_FILE_SIZE: '0', FERRY_ALLOWED_EXTENSIONS: '*' } });
    const huge = { size: MAX_FILE_BYTES, blockCount: MAX_FILE_BYTES / MEBIBYTE };
    const peer = await TestPeer.pairWith(node, [
      new OfferedFile('huge', 'huge.bin', randomBytes(10), () => undefined, huge),
      new OfferedFile('small', 'small.bin', randomBytes(10)),
    ]);
    group.defer(async () => peer.close());
    const { id } = await node.api.pull(peer.id, ['huge']);
    expect((await untilState(node.api, id, 'paused')).error).toMatchObject({ code: 'insufficient-storage' });
    expect(peer.hashesAsked).toBe(0);
    expect(await listVisible(node.folders.received)).toEqual([]);
    const small = await node.api.pull(peer.id, ['small']);
    await untilState(node.api, small.id, 'complete');
  });
});
