import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, Problem, Settings } from '@ferry/protocol';
import {
  EventReader,
  isEvent,
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  pair,
  untilEntry,
  untilState,
  untilTransfer,
  writeRandomFile,
} from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';

describe('settings', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let peer: NodeProcess;
  let nodeId: string;

  beforeAll(async () => {
    [node, peer] = await Promise.all([group.start('node'), group.start('peer')]);
    nodeId = (await pair(node, peer)).inviterId;
  });
  afterAll(() => group.dispose());

  const settingsOf = ({ api }: NodeProcess) => api.get<Settings>('/settings');
  const change = (of: NodeProcess, patch: unknown) => of.api.ok<Settings>('PATCH', '/settings', patch);
  const refused = async (of: NodeProcess, patch: unknown) =>
    expectProblem(await of.api.call<Problem>('PATCH', '/settings', patch), 409, 'folder-unusable');

  it('hold at once, for what peers offer as well, and after a kill', async () => {
    await change(peer, { maxFileSize: 1000, blockedExtensions: ['txt'] });
    await writeFile(join(node.folders.shared, 'large.bin'), Buffer.alloc(2000));
    const { id } = await untilEntry(node.api, 'large.bin');
    const pull = { peerId: nodeId, entryIds: [id] };
    expectProblem(await peer.api.call('POST', '/transfers', pull), 413, 'file-too-large');
    expectProblem(await peer.api.tryUpload({ name: 'x.txt', content: 'x' }), 415, 'extension-not-allowed');
    await peer.kill();
    await peer.start();
    expect(await settingsOf(peer)).toMatchObject({ maxFileSize: 1000, blockedExtensions: ['txt'] });
    await change(peer, { maxFileSize: null, blockedExtensions: null });
    await untilState(peer.api, (await peer.api.pull(nodeId, [id])).id, 'complete');
  });

  it('name every field that is wrong', async () => {
    const { status, body } = await node.api.call('PATCH', '/settings', {
      maxFileSize: -1,
      sharedDir: 'x',
      nonsense: 1,
    });
    expect([status, body.code]).toEqual([400, 'validation']);
    expect(body.errors?.map(({ pointer }) => pointer).sort()).toEqual(['/maxFileSize', '/nonsense', '/sharedDir']);
    const text = await node.api.call<Problem>('PATCH', '/settings', { maxFileSize: '9' });
    expect(text.body.detail).toContain('integer');
    expectProblem(await node.api.call('PATCH', '/settings', []), 400, 'validation');
  });

  it('change the folder that is shared, for peers too, while they read', async () => {
    const [first, second] = [node.folders.shared, join(node.folders.root, 'second')];
    await mkdir(second);
    await writeFile(join(second, 'second.bin'), 'second');
    const news = await EventReader.open(peer.api.origin);
    const tick = await EventReader.open(node.api.origin);
    await change(node, { sharedDir: second });
    await news.find((event) => isEvent(event, 'peers.share-changed'), 10_000, 'share-changed');
    await tick.find((event) => isEvent(event, 'settings.changed'), 10_000, 'settings.changed');
    for (const reader of [news, tick]) reader.close();
    await untilEntry(node.api, 'second.bin');
    const seen = (await peer.api.remoteFiles(nodeId)).items;
    expect(seen.map(({ name }) => name)).toEqual(['second.bin']);
    const transfer = await peer.api.pull(nodeId, [seen[0]?.id ?? '']);
    await untilState(peer.api, transfer.id, 'complete');
    await node.kill();
    await node.start();
    expect((await settingsOf(node)).sharedDir).toBe(second);
    await change(node, { sharedDir: null });
    expect((await settingsOf(node)).sharedDir).toBe(first);
    expect((await untilEntry(node.api, 'large.bin')).size).toBe(2000);
  });

  it('keep the folder for received files while something unfinished is in it', async () => {
    await writeRandomFile(join(node.folders.shared, 'big.bin'), 256 * MEBIBYTE); // long enough to be paused in the middle
    const { id } = await untilEntry(node.api, 'big.bin');
    const transfer = await peer.api.pull(nodeId, [id]);
    await untilTransfer(peer.api, transfer.id, ({ verifiedBytes }) => verifiedBytes > 0);
    expect((await peer.api.pause(transfer.id)).state).toBe('paused');
    const other = join(peer.folders.root, 'elsewhere');
    await refused(peer, { receivedDir: other });
    await peer.api.resume(transfer.id);
    await untilState(peer.api, transfer.id, 'complete');
    await change(peer, { receivedDir: other });
    const next = await peer.api.pull(nodeId, [(await untilEntry(node.api, 'large.bin')).id]);
    await untilState(peer.api, next.id, 'complete');
    expect((await stat(join(other, 'large.bin'))).size).toBe(2000);
  });

  it('never share the data folder, the disk or what was received', async () => {
    const { data, received, root } = node.folders;
    for (const sharedDir of [data, join(data, 'x'), root, received, '/']) await refused(node, { sharedDir });
  });

  it('let a node start whose folder is away, share nothing else instead, and go on when it is back', async () => {
    const disk = join(node.folders.root, 'disk');
    const sharedDir = join(disk, 'shared');
    await change(node, { sharedDir });
    const { id } = await node.api.upload({ name: 'kept.txt', content: 'kept' });
    await untilEntry(node.api, 'kept.txt');
    await node.stop();
    await rename(disk, `${disk}-away`);
    await node.start();
    expect((await node.api.status()).storage.unusable).toMatchObject([{ scope: 'shared' }]);
    expect(node.report()).toContain('is not made anew');
    await expect(stat(disk)).rejects.toMatchObject({ code: 'ENOENT' });
    expectProblem(await node.api.tryUpload({ name: 'x.txt', content: 'x' }), 409, 'folder-unusable');
    await rename(`${disk}-away`, disk);
    await change(node, { sharedDir });
    expect((await node.api.status()).storage.unusable).toBeUndefined();
    expect((await node.api.file(id)).name).toBe('kept.txt');
    const entry = await node.api.ok<FileEntry>('PATCH', `/files/${id}`, { name: 'renamed.txt' });
    expect(await readFile(join(sharedDir, entry.path), 'utf8')).toBe('kept');
  });
});
