import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  ConflictRule,
  FileEntry,
  Offer,
  Page,
  Pairing,
  Peer,
  RemoteEntry,
  Transfer,
  TransferFile,
} from '@ferry/protocol';
import { WholeNode } from './testing/whole-node';

const TREE: Readonly<Record<string, string | null>> = {
  'trip/plan.txt': 'the plan',
  'trip/day 1/photo (1).jpg': 'one',
  'trip/day 1/Überblick ☂.txt': 'rain',
  'trip/day 1/deep/er/est/file.md': 'deep',
  'trip/day 1 - copy/photo (1).jpg': 'copy',
  "trip/it's 100 % & more/#1 [a]{b}~.txt": 'signs',
  'trip/nothing': null,
  'trip/none/of/this': null,
};
const [FILES, FOLDERS, EMPTY] = [6, 11, 2];

describe('folders between two nodes', () => {
  let folder: string;
  let sender: WholeNode;
  let receiver: WholeNode;
  let senderId: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-folders-'));
    sender = new WholeNode(join(folder, 'sender'));
    receiver = new WholeNode(join(folder, 'receiver'));
    for (const [path, content] of Object.entries(TREE)) put(sender.path('shared', path), content);
    await Promise.all([sender.start(), receiver.start()]);
    await sender.until<Page<FileEntry>>(
      '/files?scope=shared&limit=1000',
      ({ items, total }) => total === FILES + FOLDERS && items.every(({ state }) => state === 'ready'),
    );
    const { uri } = await sender.call<Pairing>('POST', '/pairings');
    senderId = (await receiver.call<Pairing>('POST', '/pairings/claim', { uri })).peerId as string;
  });

  afterEach(async () => {
    await Promise.all([sender.stop(), receiver.stop()]);
    rmSync(folder, { recursive: true });
  });

  function put(path: string, content: string | Buffer | null): void {
    mkdirSync(content === null ? path : dirname(path), { recursive: true });
    if (content !== null) writeFileSync(path, content);
  }

  async function remote(path: string): Promise<RemoteEntry> {
    const list = `/peers/${senderId}/files?limit=1000`;
    const found = (entries: readonly RemoteEntry[]) =>
      entries.find((each) => each.path === path && each.state === 'ready');
    return found((await receiver.until<Page<RemoteEntry>>(list, ({ items }) => !!found(items))).items) as RemoteEntry;
  }

  async function pull(paths: readonly string[], onConflict?: ConflictRule): Promise<Transfer> {
    const entryIds: string[] = [];
    for (const path of paths) entryIds.push((await remote(path)).id);
    return receiver.call<Transfer>('POST', '/transfers', { peerId: senderId, entryIds, onConflict });
  }

  const done = ({ id }: Pick<Transfer, 'id'>) => receiver.transferIn(id, 'complete', 'failed');
  const filesOf = async ({ id }: Pick<Transfer, 'id'>) =>
    (await receiver.call<Page<TransferFile>>('GET', `/transfers/${id}/files?limit=1000`)).items;
  const received = (...path: string[]) => readFileSync(receiver.path('received', ...path), 'utf8');

  /** Nothing may differ between the trees, empty folders included. */
  function assertSame(path: string): void {
    const { stdout } = spawnSync('diff', ['-r', sender.path('shared', path), receiver.path('received', path)]);
    expect(String(stdout)).toBe('');
  }

  it('are pulled with all that lies below, empty folders too, as one transfer', async () => {
    const begun = await pull(['trip']);
    expect(begun).toMatchObject({ name: 'trip', files: { total: FILES + EMPTY } });
    const bytes = Object.values(TREE).reduce((sum, content) => sum + Buffer.byteLength(content ?? ''), 0);
    expect(await done(begun)).toMatchObject({
      state: 'complete',
      files: { done: FILES + EMPTY, total: FILES + EMPTY },
      ...{ totalBytes: bytes, doneBytes: bytes, verifiedBytes: bytes },
    });
    assertSame('trip');
    const files = await filesOf(begun);
    expect(
      files
        .filter(({ kind }) => kind === 'folder')
        .map(({ publishedPath }) => publishedPath)
        .sort(),
    ).toEqual(['trip/none/of/this', 'trip/nothing']);
    expect(files.every(({ state }) => state === 'complete')).toBe(true);
  });

  it('are pulled once where what is asked for overlaps', async () => {
    const begun = await pull(['trip/day 1', 'trip', 'trip/plan.txt']);
    expect(begun).toMatchObject({ name: 'day 1 and 2 more', files: { total: FILES + EMPTY } });
    await done(begun);
    assertSame('trip');
  });

  it('cannot be had when they are not shown, and nothing is begun', async () => {
    const { id } = await remote('trip');
    await sender.call('PATCH', `/files/${id}`, { visibility: 'none' });
    const request = { peerId: senderId, entryIds: [id] };
    await expect(receiver.call('POST', '/transfers', request)).rejects.toMatchObject({
      problem: { code: 'file-not-found' },
    });
    expect((await receiver.call<Page<Transfer>>('GET', '/transfers')).total).toBe(0);
  });

  it('go on after a restart in the middle', async () => {
    for (const name of ['a', 'b', 'c'])
      put(sender.path('shared', 'trip', 'big', `${name}.bin`), Buffer.alloc(24 << 20, name));
    for (const name of ['a', 'b', 'c']) await remote(`trip/big/${name}.bin`);
    const begun = await pull(['trip']);
    await receiver.until<Transfer>(`/transfers/${begun.id}`, ({ verifiedBytes }) => verifiedBytes > 1 << 20);
    await receiver.stop();
    await receiver.start();
    const over = await done(begun);
    expect(over).toMatchObject({ state: 'complete', files: { done: 11, total: 11 } });
    expect(over.doneBytes).toBe(over.totalBytes);
    assertSame('trip');
  });

  it('arrive in one piece when their owner renames them meanwhile', async () => {
    for (const name of ['a', 'b', 'c'])
      put(sender.path('shared', 'trip', 'big', `${name}.bin`), Buffer.alloc(24 << 20, `${name} again`));
    for (const name of ['a', 'b', 'c']) await remote(`trip/big/${name}.bin`);
    const { id } = await remote('trip');
    const begun = await pull(['trip']);
    await receiver.until<Transfer>(`/transfers/${begun.id}`, ({ verifiedBytes }) => verifiedBytes > 1 << 20);
    await sender.call('PATCH', `/files/${id}`, { name: 'journey' });
    expect(await done(begun)).toMatchObject({ state: 'complete' });
    expect(readdirSync(receiver.path('received')).filter((name) => !name.startsWith('.'))).toEqual(['trip']);
    const [theirs, ours] = [sender.path('shared', 'journey'), receiver.path('received', 'trip')];
    expect(String(spawnSync('diff', ['-r', theirs, ours]).stdout)).toBe('');
  });

  it('get safe names as files do, empty ones too', async () => {
    put(sender.path('shared', 'odd', '.hidden', '.rc'), 'dots');
    put(sender.path('shared', 'odd', '.none'), null);
    put(sender.path('shared', 'odd', 'CON', 'a:b?.txt'), 'reserved');
    await remote('odd/.hidden/.rc');
    await remote('odd/CON/a:b?.txt');
    await remote('odd/.none');
    const begun = await pull(['odd']);
    expect(await done(begun)).toMatchObject({ state: 'complete', files: { done: 3, total: 3 } });
    const paths = (await filesOf(begun)).map(({ path, publishedPath }) => `${path} -> ${publishedPath}`);
    expect(paths.sort()).toEqual([
      'odd/.hidden/.rc -> odd/_.hidden/_.rc',
      'odd/.none -> odd/_.none',
      'odd/CON/a:b?.txt -> odd/_CON/a_b_.txt',
    ]);
  });

  it('fail alone where a file has the name of an empty one', async () => {
    put(receiver.path('received', 'trip', 'nothing'), 'in the way');
    const over = await done(await pull(['trip']));
    expect(over).toMatchObject({ state: 'failed', files: { done: 7, total: 8 }, error: { code: 'name-conflict' } });
    expect(received('trip', 'nothing')).toBe('in the way');
  });

  describe('pulled twice', () => {
    beforeEach(async () => {
      await done(await pull(['trip']));
      put(receiver.path('received', 'trip', 'plan.txt'), 'changed here');
      await receiver.until<Page<FileEntry>>('/files?scope=received&q=plan.txt', ({ items }) => items[0]?.size === 12);
    });

    it('keep both without being told otherwise', async () => {
      expect(await done(await pull(['trip']))).toMatchObject({ state: 'complete', files: { done: FILES + EMPTY } });
      expect([received('trip', 'plan.txt'), received('trip', 'plan (2).txt')]).toEqual(['changed here', 'the plan']);
      expect(readdirSync(receiver.path('received', 'trip', 'nothing'))).toEqual([]);
    });

    it('leave what is there by the rule skip, and ask for none of it', async () => {
      const begun = await pull(['trip'], 'skip');
      const over = await done(begun);
      expect(over).toMatchObject({ state: 'complete', files: { done: 8, total: 8 }, totalBytes: 0, doneBytes: 0 });
      expect(received('trip', 'plan.txt')).toBe('changed here');
      const states = (await filesOf(begun)).map(({ kind, state }) => `${kind} ${state}`);
      expect(states.sort()).toEqual([...new Array(6).fill('file skipped'), ...new Array(2).fill('folder complete')]);
      expect(readdirSync(receiver.path('received', 'trip')).some((name) => name.includes('(2)'))).toBe(false);
    });

    it('replace what is there by the rule replace, which lies in the trash then', async () => {
      expect(await done(await pull(['trip/plan.txt'], 'replace'))).toMatchObject({ state: 'complete' });
      expect(received('trip', 'plan.txt')).toBe('the plan');
      const { items } = await receiver.call<Page<FileEntry>>('GET', '/trash');
      expect(items).toMatchObject([{ path: 'trip/plan.txt', size: 12 }]);
    });

    it('follow the setting when the request says nothing', async () => {
      await receiver.call('PATCH', '/settings', { onConflict: 'skip' });
      expect((await filesOf(await done(await pull(['trip/plan.txt'])))).map(({ state }) => state)).toEqual(['skipped']);
    });

    it('are not pulled by a rule that there is not', async () => {
      const request = { peerId: senderId, entryIds: [(await remote('trip')).id], onConflict: 'overwrite' };
      await expect(receiver.call('POST', '/transfers', request)).rejects.toMatchObject({
        problem: { code: 'validation' },
      });
    });
  });

  describe('offered', () => {
    async function offer(path: string): Promise<Offer> {
      const receiverId = (await sender.call<Page<Peer>>('GET', '/peers')).items[0]?.id as string;
      const list = await sender.until<Page<FileEntry>>('/files?scope=shared&limit=1000', ({ items }) =>
        items.every(({ state }) => state === 'ready'),
      );
      const entryIds = [list.items.find((entry) => entry.path === path)?.id];
      await sender.call('POST', '/offers', { peerIds: [receiverId], entryIds });
      const offers = await receiver.until<Page<Offer>>('/offers?direction=in', ({ total }) => total > 0);
      return offers.items[0] as Offer;
    }

    const listOf = async ({ id }: Offer) =>
      (await receiver.call<Page<RemoteEntry>>('GET', `/offers/${id}/files`)).items;

    async function accept({ id }: Offer, choice: object): Promise<Transfer> {
      const { transferId } = await receiver.call<Offer>('POST', `/offers/${id}/accept`, choice);
      return done({ id: transferId as string });
    }

    it('are listed as files and empty folders, and arrive whole', async () => {
      const made = await offer('trip');
      expect(made.files.count).toBe(FILES + EMPTY);
      expect((await listOf(made)).filter(({ kind }) => kind === 'folder')).toHaveLength(EMPTY);
      expect(await accept(made, {})).toMatchObject({ state: 'complete', files: { done: FILES + EMPTY } });
      assertSame('trip');
    });

    it('can be accepted in part, an empty folder too', async () => {
      const made = await offer('trip');
      const chosen = (await listOf(made)).filter(({ path }) => ['trip/nothing', 'trip/plan.txt'].includes(path));
      const over = await accept(made, { entryIds: chosen.map(({ id }) => id) });
      expect(over).toMatchObject({ state: 'complete', files: { done: 2, total: 2 }, totalBytes: 8 });
      expect(readdirSync(receiver.path('received', 'trip')).sort()).toEqual(['nothing', 'plan.txt']);
    });

    it('are taken by the rule that goes with the answer', async () => {
      put(receiver.path('received', 'trip', 'plan.txt'), 'mine');
      await receiver.until<Page<FileEntry>>('/files?scope=received&q=plan.txt', ({ total }) => total === 1);
      expect(await accept(await offer('trip'), { onConflict: 'skip' })).toMatchObject({ state: 'complete' });
      expect(received('trip', 'plan.txt')).toBe('mine');
    });

    it('are one entry when nothing lies in them', async () => {
      const made = await offer('trip/nothing');
      expect(made.files).toEqual({ count: 1, bytes: 0 });
      await accept(made, {});
      expect(readdirSync(receiver.path('received'))).toContain('trip');
      expect(readdirSync(receiver.path('received', 'trip', 'nothing'))).toEqual([]);
    });
  });
});
