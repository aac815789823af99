import { Database } from '@ferry/file-store';
import type { FilesListRequest, FilesListResponse, RemoteEntry } from '@ferry/protocol';
import { TestNode } from '../peers/testing/test-node';
import type { TestDevice } from '../transport/testing/test-device';
import { listedFile, listedFolder, startFolderLister } from './testing/folder-lister';

/** As many as fit into one page. */
const PAGE_ENTRIES = 200;

describe('a folder of a peer that lists it', () => {
  let node: TestNode;
  let peer: TestDevice;

  beforeEach(async () => {
    node = await TestNode.start({ name: 'node' });
  });
  afterEach(async () => {
    await peer.stop();
    await node.remove();
  });

  /** The pull of the folder, and what is left of it in the database. */
  async function pull(
    page: (request: FilesListRequest) => Partial<FilesListResponse>,
    features?: readonly string[],
  ): Promise<{ status: number; body: Record<string, unknown>; left: number; isSessionOpen: boolean }> {
    peer = await startFolderLister(node, page, features);
    const session = await node.peers.sessionFor(peer.id);
    const answer = await node.call('POST', '/transfers', { peerId: peer.id, entryIds: ['photos'] });
    const sql =
      'SELECT (SELECT count(*) FROM transfers) + (SELECT count(*) FROM transfer_files) + (SELECT count(*) FROM transfer_listing) AS n';
    const left = Number(node.provider(Database).prepare(sql).get()?.['n']);
    return { ...answer, left, isSessionOpen: session.isOpen };
  }

  const files = (first: number): RemoteEntry[] =>
    Array.from({ length: PAGE_ENTRIES }, (_, index) => listedFile(`photos/${first + index}.txt`));

  const filesOf = async (id: unknown) =>
    (await node.call('GET', `/transfers/${String(id)}/files`)).body['items'] as Record<string, unknown>[];

  it('page by page becomes one transfer of its files and empty folders, named after it', async () => {
    const pages: Record<string, Partial<FilesListResponse>> = {
      '': { entries: [listedFile('photos/a.txt'), listedFolder('photos/full')], nextCursor: '1' },
      '1': { entries: [listedFolder('photos/empty'), listedFile('photos/full/b.txt')] },
    };
    const { status, body } = await pull(({ cursor = '' }) => pages[cursor] ?? {});
    expect([status, body]).toMatchObject([201, { name: 'photos', files: { total: 3 }, totalBytes: 10 }]);
    expect(await filesOf(body['id'])).toMatchObject([
      { path: 'photos/a.txt', kind: 'file', size: 5 },
      { path: 'photos/full/b.txt', kind: 'file' },
      { path: 'photos/empty', kind: 'folder', size: 0 },
    ]);
  });

  it('with nothing in it is made', async () => {
    const { body } = await pull(() => ({ entries: [] }));
    expect(body).toMatchObject({ name: 'photos', files: { total: 1 }, totalBytes: 0 });
    await node.until(() => node.published().some(([, data]) => (data as { state?: string }).state === 'complete'));
    expect(await filesOf(body['id'])).toMatchObject([{ kind: 'folder', state: 'complete', publishedPath: 'photos' }]);
  });

  it('with names that may not be received gets the others', async () => {
    const deep = `photos/${'d/'.repeat(80)}x.txt`;
    const paths = ['photos/../../x.txt', deep, 'photos//x.txt', 'photos/x.exe', 'photos/good.txt'];
    const { body } = await pull(() => ({
      entries: paths.map((path, place) => listedFile(path, { id: String(place) })),
    }));
    expect(await filesOf(body['id'])).toMatchObject([
      { state: 'failed', error: { code: 'unsafe-path' } },
      { state: 'failed', error: { code: 'unsafe-path' } },
      { state: 'failed', error: { code: 'unsafe-path' } },
      { state: 'failed', error: { code: 'extension-not-allowed' } },
      { path: 'photos/good.txt' },
    ]);
  });

  it.each<[string, (request: FilesListRequest) => Partial<FilesListResponse>]>([
    ['round and round', () => ({ entries: files(0), nextCursor: 'again' })],
    ['with a page that holds nothing and is not the last', () => ({ entries: [], nextCursor: 'more' })],
    ['with a file outside of it', () => ({ entries: [listedFile('private/a.txt')] })],
    ['with a file beside it', () => ({ entries: [listedFile('photos 2/a.txt')] })],
    ['with itself in it', () => ({ entries: [listedFolder('photos')] })],
    [
      'with more bytes than there can be',
      () => ({ entries: [1, 2].map((n) => listedFile(`photos/${n}.txt`, { size: 2 ** 53 - 1 })) }),
    ],
    ['with what is no entry', () => ({ entries: [{ ...listedFile('photos/a.txt'), size: -1 }] })],
  ])('%s loses the session, and nothing is left', async (_what, page) => {
    const { status, body, left, isSessionOpen } = await pull(page);
    expect([status, body['code'], left, isSessionOpen]).toEqual([502, 'peer-refused', 0, false]);
  });

  it('and says that it does not know folders loses the session, and nothing is left', async () => {
    const { status, body, left, isSessionOpen } = await pull(() => ({ entries: [] }), []);
    expect([status, body['code'], left, isSessionOpen]).toEqual([502, 'peer-refused', 0, false]);
  });

  it.each<[string, readonly RemoteEntry[]]>([
    ['one path with two ids', [listedFile('photos/a.txt'), listedFile('photos/a.txt', { id: 'other' })]],
    ['something below a file', [listedFile('photos/a.txt'), listedFile('photos/a.txt/b.txt')]],
  ])('with %s is not pulled, and nothing is left', async (_what, entries) => {
    const { status, body, left, isSessionOpen } = await pull(() => ({ entries }));
    expect([status, body['code'], left, isSessionOpen]).toEqual([409, 'file-changed', 0, true]);
  });

  it('as larger than may be is refused at its first page', async () => {
    let pages = 0;
    const { status, body, left } = await pull(() => {
      pages += 1;
      return { entries: files(0), nextCursor: 'more', total: 200_001 };
    });
    expect([status, body['code'], left, pages]).toEqual([400, 'validation', 0, 1]);
  });

  it('without end is refused after so many entries, and nothing is left', async () => {
    let pages = 0;
    const { status, body, left, isSessionOpen } = await pull(() => {
      pages += 1;
      return { entries: files(pages * PAGE_ENTRIES), nextCursor: 'more' };
    });
    expect([status, body['code'], left, isSessionOpen]).toEqual([400, 'validation', 0, true]);
    expect(body).toMatchObject({ errors: [{ pointer: '/entryIds', code: 'too-many-files' }] });
    expect(pages).toBe(Math.ceil(100_001 / PAGE_ENTRIES));
  }, 60_000);
});
