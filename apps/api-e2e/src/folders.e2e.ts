import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  listTree,
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  pair,
  untilEntry,
  untilOffer,
  untilState,
  untilTransfer,
  writeRandomFile,
} from '@ferry/test-nodes';
import { PythonClient, requirePython } from './support/python-client';

const SMALL = [
  'tree/read me.txt',
  'tree/Ünï©ødé 漢字/🎁.txt',
  "tree/it's 100% (odd) & more/#1 [a]{b}~.txt",
  'tree/a/b/c/d/e/f/g.txt',
  'tree/a b/same.txt',
  'tree/a-b/same.txt',
];
const EMPTY = ['tree/nothing', 'tree/a/b/empty', 'tree/none/of/this'];
const LARGE = ['tree/large/one.bin', 'tree/large/two.bin', 'tree/large/three.bin'];
const LARGE_BYTES = 32 * MEBIBYTE;

describe('folders between two nodes', () => {
  const group = new NodeGroup();
  let giver: NodeProcess;
  let taker: NodeProcess;
  let giverId: string;
  let takerId: string;

  beforeEach(async () => {
    giver = await group.create('giver');
    const inShare = (path: string) => join(giver.folders.shared, path);
    for (const path of EMPTY) await mkdir(inShare(path), { recursive: true });
    for (const path of SMALL) {
      await mkdir(dirname(inShare(path)), { recursive: true });
      await writeFile(inShare(path), path);
    }
    for (const path of LARGE) await writeRandomFile(inShare(path), LARGE_BYTES);
    [taker] = await Promise.all([group.start('taker'), giver.start()]);
    ({ inviterId: giverId, claimerId: takerId } = await pair(giver, taker));
    for (const path of [...SMALL, ...EMPTY, ...LARGE]) await untilEntry(giver.api, path);
  });
  afterEach(() => group.dispose());

  async function folderId(): Promise<string> {
    const { items } = await taker.api.remoteFiles(giverId, 'folder=&kind=folder');
    expect(items).toMatchObject([{ path: 'tree', kind: 'folder', size: 0 }]);
    return items[0]?.id ?? '';
  }

  const total = SMALL.length + EMPTY.length + LARGE.length;

  it('are pulled as one transfer, with their structure', async () => {
    const { id, files } = await taker.api.pull(giverId, [await folderId()]);
    expect(files.total).toBe(total);
    const over = await untilState(taker.api, id, 'complete');
    expect(over).toMatchObject({ name: 'tree', files: { done: total, total } });
    expect(over.doneBytes).toBe(over.totalBytes);
    await expectSame(giver, taker);
  });

  it('go on where they were when the receiver is killed in the middle', async () => {
    const { id } = await taker.api.pull(giverId, [await folderId()]);
    await untilTransfer(taker.api, id, ({ verifiedBytes }) => verifiedBytes > LARGE_BYTES);
    await taker.kill();
    await taker.start();
    const over = await untilState(taker.api, id, 'complete');
    expect(over).toMatchObject({ files: { done: total, total } });
    expect(over.doneBytes).toBe(over.totalBytes);
    await expectSame(giver, taker);
  });

  it('are offered, and arrive whole', async () => {
    const { id: entryId } = await untilEntry(giver.api, 'tree');
    await giver.api.makeOffer([takerId], [entryId]);
    const offer = await untilOffer(taker.api, ({ state }) => state === 'waiting');
    expect(offer.files.count).toBe(total);
    const { items } = await taker.api.offerFiles(offer.id);
    expect(
      items
        .filter(({ kind }) => kind === 'folder')
        .map(({ path }) => path)
        .sort(),
    ).toEqual([...EMPTY].sort());
    const { transferId = '' } = await taker.api.acceptOffer(offer.id);
    await untilState(taker.api, transferId, 'complete');
    await expectSame(giver, taker);
  });

  it('are only files to a device that does not know them', async () => {
    requirePython();
    const python = new PythonClient(join(giver.folders.root, 'python'));
    await python.lines('pair', (await giver.api.invite()).uri ?? '');
    const entries = (await python.lines('list')).map((line) => JSON.parse(line) as { path: string; kind: string });
    expect(entries.every(({ kind }) => kind === 'file')).toBe(true);
    expect(entries.map(({ path }) => path).sort()).toEqual([...SMALL, ...LARGE].sort());
  });
});

/** Contents by `diff -r`, so that no code of ours judges our code; and that the trees hold what was put there. */
async function expectSame(giver: NodeProcess, taker: NodeProcess): Promise<void> {
  const trees = [join(giver.folders.shared, 'tree'), join(taker.folders.received, 'tree')] as const;
  const differences = await new Promise<string>((resolve) => {
    execFile('diff', ['-r', ...trees], (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(differences).toBe('');
  const listed = (await listTree(trees[1])).map((path) => `tree/${path.replace(/\/$/, '')}`);
  expect(listed).toEqual(expect.arrayContaining([...SMALL, ...EMPTY, ...LARGE]));
}
