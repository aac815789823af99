import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileStore, type Audience } from '@ferry/file-store';
import {
  parseFileManifestHead,
  parseFilesListResponse,
  PATTERNS,
  type FileEntry,
  type FilesListRequest,
  type FilesListResponse,
} from '@ferry/protocol';
import { pair } from '../../peers/testing/pair';
import { TestNode } from '../../peers/testing/test-node';
import type { PeerSession } from '../../transport/peer-session';
import { startPairedDevice } from '../testing/paired-device';

const FOLDERS = ['albums', 'albums/2024', 'albums/empty', 'albums 2'];
const FILES = ['top.txt', 'albums/a.txt', 'albums/2024/b.txt', 'albums/2024/c.txt', 'albums 2/d.txt'];

describe('folders of a share', () => {
  let owner: TestNode;
  let reader: TestNode;
  let session: PeerSession;

  beforeEach(async () => {
    [owner, reader] = await Promise.all([TestNode.start({ name: 'owner' }), TestNode.start({ name: 'reader' })]);
    const shared = join(owner.folder, 'shared_files');
    for (const path of FOLDERS) mkdirSync(join(shared, path), { recursive: true });
    for (const path of FILES) writeFileSync(join(shared, path), path);
    await pair(owner, reader);
    session = await reader.peers.sessionFor(owner.id);
    await owner.until(() => entries().length === FOLDERS.length + FILES.length);
  });
  afterEach(() => Promise.all([owner.remove(), reader.remove()]));

  const entries = () => owner.provider(FileStore).entries.list({ scope: 'shared', limit: 1_000 }).items;
  const own = (path: string) => entries().find((entry) => entry.path === path) as FileEntry;
  const show = (path: string, visibility: string) => owner.call('PATCH', `/files/${own(path).id}`, { visibility });
  const refusal = (remoteCode: string) => expect.objectContaining({ name: 'PeerError', remoteCode }) as Error;

  async function list(request: FilesListRequest, from = session): Promise<FilesListResponse> {
    return parseFilesListResponse(await from.request(PATTERNS.filesList, request));
  }
  const paths = async (request: FilesListRequest, from?: PeerSession) =>
    (await list(request, from)).entries.map(({ path }) => path);

  async function headOf(path: string, from = session) {
    const request = { entryId: own(path).id, firstBlock: 0, blockCount: 0 };
    return parseFileManifestHead(await from.request(PATTERNS.fileManifest, request));
  }

  it('are listed with what lies directly in them, folders first', async () => {
    expect(await paths({ folder: '' })).toEqual(['albums', 'albums 2', 'top.txt']);
    expect(await paths({ folder: 'albums' })).toEqual(['albums/2024', 'albums/empty', 'albums/a.txt']);
    expect(await paths({ folder: 'albums', kind: 'folder' })).toEqual(['albums/2024', 'albums/empty']);
    expect(await paths({ folder: 'albums/empty' })).toEqual([]);
    expect(await paths({ folder: 'nowhere' })).toEqual([]);
  });

  it('are listed with everything below them, page by page', async () => {
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await list({ within: own('albums').id, limit: 2, ...(cursor && { cursor }) });
      expect(page.total).toBe(5);
      found.push(...page.entries.map(({ path }) => path));
      cursor = page.nextCursor;
    }
    expect(found.sort()).toEqual([
      'albums/2024',
      'albums/2024/b.txt',
      'albums/2024/c.txt',
      'albums/a.txt',
      'albums/empty',
    ]);
  });

  it('say nothing of what lies in them', async () => {
    const { addedAt } = own('albums');
    const [folder] = (await list({ folder: '', kind: 'folder' })).entries;
    const about = { kind: 'folder', size: 0, mediaType: 'inode/directory', modifiedAt: addedAt };
    expect(folder).toMatchObject({ ...about, state: 'ready' });
    expect(folder).not.toHaveProperty('fileId');
    expect(await headOf('albums')).toMatchObject({ ...about, path: 'albums', blockCount: 0 });
    const hashes = session.request(PATTERNS.fileManifest, { entryId: own('albums').id, firstBlock: 0, blockCount: 1 });
    await expect(hashes).rejects.toEqual(refusal('INVALID_RANGE'));
  });

  it.each(['size', '-size', 'modifiedAt', '-modifiedAt'])(
    'by %s come first, in no order that tells of it',
    async (sort) => {
      const byTime = [...FOLDERS].map(own).sort((a, b) => (a.addedAt < b.addedAt ? -1 : 1));
      const cursors: string[] = [];
      const found: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await list({ sort, limit: 1, ...(cursor && { cursor }) });
        found.push(...page.entries.map(({ kind }) => kind));
        cursor = page.nextCursor;
        if (cursor !== null) cursors.push(Buffer.from(cursor, 'base64url').toString());
      }
      expect(found).toEqual([...new Array(FOLDERS.length).fill('folder'), ...new Array(FILES.length).fill('file')]);
      const times = new Set(byTime.map(({ addedAt }) => String(Date.parse(addedAt))));
      const keys = cursors.slice(0, FOLDERS.length - 1).map((cursor) => cursor.split('\0')[1]);
      expect(keys.every((key) => times.has(String(key)))).toBe(true);
    },
  );

  it('that are not shown are not there, but what is shown in them is', async () => {
    await show('albums', 'none');
    await owner.until(() => own('albums/2024/b.txt').visibility === 'none');
    await show('albums/2024/c.txt', 'all-paired');
    expect(await paths({})).toEqual(
      expect.arrayContaining(['albums 2', 'albums 2/d.txt', 'albums/2024/c.txt', 'top.txt']),
    );
    expect((await list({})).total).toBe(4);
    expect(await paths({ folder: '' })).toEqual(['albums 2', 'top.txt']);
    expect(await paths({ folder: 'albums/2024' })).toEqual(['albums/2024/c.txt']);
    await expect(headOf('albums')).rejects.toEqual(refusal('UNKNOWN_FILE'));
  });

  it('that are not shown, do not exist or are files cannot be listed, and answer alike', async () => {
    const hidden = own('albums').id;
    await show('albums', 'none');
    const texts = await Promise.all(
      [hidden, 'nothing', own('top.txt').id].map((within) =>
        list({ within }).catch((error: unknown) => [(error as { remoteCode?: string }).remoteCode, String(error)]),
      ),
    );
    expect(texts).toEqual(new Array(3).fill(['UNKNOWN_FILE', expect.any(String)]));
    expect(new Set(texts.map(String)).size).toBe(1);
  });

  it('are nothing to a peer that sees no files', async () => {
    const within = own('albums').id;
    await owner.call('PATCH', `/peers/${reader.id}`, { permissions: { seeMyFiles: false } });
    expect(await list({ folder: '' })).toEqual({ entries: [], nextCursor: null, total: 0 });
    await expect(list({ within })).rejects.toEqual(refusal('UNKNOWN_FILE'));
    await expect(headOf('albums')).rejects.toEqual(refusal('UNKNOWN_FILE'));
  });

  it('are not told to a device that does not know them', async () => {
    const device = await startPairedDevice(owner, {});
    const old = await device.transport.dial(owner.peerAddress);
    expect((await paths({}, old)).sort()).toEqual([...FILES].sort());
    expect((await paths({ folder: 'albums', kind: 'folder' }, old)).sort()).toEqual([...FILES].sort());
    await expect(headOf('albums', old)).rejects.toEqual(refusal('UNKNOWN_FILE'));
    expect(await headOf('top.txt', old)).toMatchObject({ path: 'top.txt', kind: 'file' });
    await device.stop();
  });

  it('are looked into through the HTTP API of the other node', async () => {
    const files = async (query: string) => {
      const { body } = await reader.call('GET', `/peers/${owner.id}/files?${query}`);
      return (body['items'] as { path: string }[]).map(({ path }) => path);
    };
    expect(await files('folder=')).toEqual(['albums', 'albums 2', 'top.txt']);
    expect(await files('folder=albums%2F2024&kind=file')).toEqual(['albums/2024/b.txt', 'albums/2024/c.txt']);
    expect((await reader.call('GET', `/peers/${owner.id}/files?kind=link`)).status).toBe(400);
  });

  it('do not tell that something came into them that is not shown', async () => {
    await show('albums/2024', 'none');
    await owner.until(() => own('albums/2024/c.txt').visibility === 'none');
    const concerned = ['albums', 'albums/2024', 'albums/2024/secret.txt'];
    const told: Audience[] = [];
    const unsubscribe = owner.provider(FileStore).entries.onChange((change) => {
      if (change.type !== 'removed' && concerned.includes(change.entry.path)) told.push(change.audience);
    });
    writeFileSync(join(owner.folder, 'shared_files', 'albums', '2024', 'secret.txt'), 'secret');
    await owner.until(() => own('albums').size === 52 && own('albums/2024/secret.txt').state === 'ready');
    unsubscribe();
    expect(told.length).toBeGreaterThan(0);
    expect(told.flat()).toEqual([]);
  });

  it('that come are told, also without a file in them', async () => {
    const seen = () => reader.published().filter(([type]) => type === 'peers.share-changed').length;
    const before = seen();
    mkdirSync(join(owner.folder, 'shared_files', 'new'));
    await reader.until(() => seen() > before);
    expect(await paths({ folder: '', kind: 'folder' })).toContain('new');
  });
});
