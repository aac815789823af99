import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventReader, isEvent, NodeGroup, type NodeProcess, pair, untilEntry, untilState } from '@ferry/test-nodes';

describe('a share that is changed by hand', () => {
  const group = new NodeGroup();
  let owner: NodeProcess;
  let reader: NodeProcess;
  let ownerId: string;

  beforeAll(async () => {
    [owner, reader] = await Promise.all([group.start('owner'), group.start('reader')]);
    ownerId = (await pair(owner, reader)).inviterId;
  });
  afterAll(() => group.dispose());

  const inShare = (path: string) => join(owner.folders.shared, path);
  const remotePaths = async () => {
    const { items } = await reader.api.remoteFiles(ownerId);
    return items.filter((entry) => entry.kind === 'file').map((entry) => entry.path);
  };

  it('shows a new file at once, here and at the peer', async () => {
    const news = await EventReader.open(reader.api.origin);
    await writeFile(inShare('dropped.txt'), 'by hand');
    const entry = await untilEntry(owner.api, 'dropped.txt');
    expect(entry).toMatchObject({ size: 7, state: 'ready' });
    const isNews = (id: string) => id === ownerId;
    await news.find((event) => isEvent(event, 'peers.share-changed') && isNews(event.data.id), 10_000, 'share-changed');
    news.close();
    expect(await remotePaths()).toEqual(['dropped.txt']);
  });

  it('lists sub-folders, and lets a peer pull from them', async () => {
    await mkdir(inShare('a/b'), { recursive: true });
    await writeFile(inShare('a/b/deep.txt'), 'deep');
    const { id } = await untilEntry(owner.api, 'a/b/deep.txt');
    const transfer = await reader.api.pull(ownerId, [id]);
    await untilState(reader.api, transfer.id, 'complete');
    expect((await reader.api.files('received')).items.map((entry) => entry.path)).toContain('a/b/deep.txt');
  });

  it('does not share on what was received', async () => {
    expect((await reader.api.files('shared')).items).toEqual([]);
    expect((await reader.api.status()).totals).toMatchObject({ sharedFiles: 0, receivedFiles: 1 });
  });

  it('follows a changed and a renamed file', async () => {
    const before = await untilEntry(owner.api, 'dropped.txt');
    await writeFile(inShare('dropped.txt'), 'changed by hand');
    const after = await untilEntry(
      owner.api,
      'dropped.txt',
      (entry) => entry.state === 'ready' && entry.fileId !== before.fileId,
    );
    expect(after.size).toBe(15);
    await rename(inShare('dropped.txt'), inShare('renamed.txt'));
    expect((await untilEntry(owner.api, 'renamed.txt')).fileId).toBe(after.fileId);
  });

  it('forgets a deleted file', async () => {
    const { id } = await untilEntry(owner.api, 'renamed.txt');
    const news = await EventReader.open(owner.api.origin);
    await rm(inShare('renamed.txt'));
    await news.find(
      (event) =>
        (isEvent(event, 'files.removed') && event.data.id === id) ||
        (isEvent(event, 'files.changed') && event.data.id === id && event.data.state === 'missing'),
      10_000,
      'the file to be gone',
    );
    news.close();
    expect(await remotePaths()).not.toContain('renamed.txt');
  });

  it('never follows a link out of the share', async () => {
    await writeFile(join(owner.folders.root, 'secret.txt'), 'secret');
    await symlink(join(owner.folders.root, 'secret.txt'), inShare('link.txt'));
    await symlink(owner.folders.root, inShare('folder-link'));
    await writeFile(inShare('marker.txt'), 'written after the links');
    await untilEntry(owner.api, 'marker.txt');
    expect((await remotePaths()).sort()).toEqual(['a/b/deep.txt', 'marker.txt']);
  });

  it('accepts a pull of a file that is still being hashed', async () => {
    const size = 64 * 1_048_576;
    await writeFile(inShare('fresh.bin'), Buffer.alloc(size, 7));
    const { id } = await untilEntry(owner.api, 'fresh.bin', (entry) => entry.size === size);
    const transfer = await reader.api.pull(ownerId, [id]);
    expect(await untilState(reader.api, transfer.id, 'complete')).toMatchObject({ totalBytes: size });
  });
});
