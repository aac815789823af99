import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileEntry, Page, TrashItem } from '@ferry/protocol';
import { NodeGroup, type NodeProcess, pair, untilEntry } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';

const FILES = 400;
/** Kills come so long after a request at most: before, in the midst of and after what it does. */
const MAX_KILL_DELAY_MS = 400;
const ROUNDS = 10;

describe('a folder that is deleted, restored and renamed', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let top: FileEntry;

  beforeAll(async () => {
    node = await group.start('node');
    await mkdir(join(node.folders.shared, 'album/deep/empty'), { recursive: true });
    for (let at = 0; at < FILES; at += 1) {
      const path = at % 2 === 0 ? `album/${at}.txt` : `album/deep/${at}.txt`;
      await writeFile(join(node.folders.shared, path), `content ${at}`);
    }
    await untilEntry(node.api, 'album', ({ fileCount }) => fileCount === FILES);
    top = await untilEntry(node.api, 'album', ({ kind }) => kind === 'folder');
  });
  afterAll(() => group.dispose());

  const trash = () => node.api.get<Page<TrashItem>>('/trash');
  async function listed(): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    for (let cursor = ''; ;) {
      const page = await node.api.files('shared', `limit=1000${cursor}`);
      entries.push(...page.items);
      if (page.nextCursor === null) return entries;
      cursor = `&cursor=${page.nextCursor}`;
    }
  }
  const onDisk = async () => {
    const names = await readdir(node.folders.shared, { recursive: true });
    return names.filter((name) => !name.startsWith('.ferry-')).sort();
  };

  /** What the node says is what lies there, and nothing is lost. */
  async function expectTruth(ids: ReadonlySet<string>): Promise<void> {
    const [entries, { items }] = [await listed(), await trash()];
    expect(entries.map(({ path }) => path).sort()).toEqual(await onDisk());
    if (items.length === 0) expect(new Set(entries.map(({ id }) => id))).toEqual(ids);
    else {
      expect(items).toMatchObject([{ id: top.id, kind: 'folder', fileCount: FILES }]);
      expect(entries).toEqual([]);
      expect(await readdir(join(node.folders.shared, '.ferry-trash'))).toEqual([top.id]);
    }
  }

  it('is whole in one place, with all its entries, whenever the node is killed', async () => {
    const ids = new Set((await listed()).map(({ id }) => id));
    let [name, seed] = ['album', 20_260_101];
    for (let round = 0; round < ROUNDS; round += 1) {
      seed = (seed * 48_271) % 2_147_483_647; // Park and Miller: the same kills each time
      const isDeleted = (await trash()).total > 0;
      name = `album-${round}`;
      const request = isDeleted
        ? node.api.call('POST', `/files/${top.id}/restore`)
        : round % 2 === 0
          ? node.api.call('DELETE', `/files/${top.id}`)
          : node.api.call('PATCH', `/files/${top.id}`, { name });
      await Promise.race([request.catch(() => undefined), delay(seed % MAX_KILL_DELAY_MS)]);
      await node.kill();
      await request.catch(() => undefined);
      await node.start();
      await expectTruth(ids);
    }
    if ((await trash()).total > 0) await node.api.ok('POST', `/files/${top.id}/restore`);
    await expectTruth(ids);
    expect((await node.api.file(top.id)).fileCount).toBe(FILES);
  });

  it('leaves the list of a peer, and comes back to it', async () => {
    const peer = await group.start('peer');
    const { inviterId } = await pair(node, peer);
    const seen = async () => (await peer.api.remoteFiles(inviterId, 'folder=')).items.map(({ id }) => id);
    expect(await seen()).toEqual([top.id]);
    await node.api.ok('DELETE', `/files/${top.id}`);
    expect(await seen()).toEqual([]);
    expect((await peer.api.pull(inviterId, [top.id]).catch(() => undefined))?.state).not.toBe('complete');
    await node.api.ok('POST', `/files/${top.id}/restore`);
    expect(await seen()).toEqual([top.id]);
  });

  it('is deleted for good with all its bytes, also when the node is killed meanwhile', async () => {
    expect((await node.api.status()).storage.trashBytes).toBe(0);
    await node.api.ok('DELETE', `/files/${top.id}`);
    expect((await node.api.status()).storage.trashBytes).toBe(top.size);
    const request = node.api.call('DELETE', `/trash/${top.id}`);
    await Promise.race([request, delay(10)]);
    await node.kill();
    await request.catch(() => undefined);
    await node.start();
    const { total } = await trash();
    if (total > 0) await node.api.ok('DELETE', '/trash');
    for (let left = 1; left > 0;) left = (await readdir(join(node.folders.shared, '.ferry-trash'))).length;
    expect((await node.api.status()).storage.trashBytes).toBe(0);
    expectProblem(await node.api.call('POST', `/files/${top.id}/restore`), 404, 'file-not-found');
  });
});
