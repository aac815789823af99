import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, Page, Problem, TrashItem } from '@ferry/protocol';
import { EventsService } from '../events/events.service';
import { ask, json } from '../http/testing/http-client';
import { filePart, form } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';

describe('the trash over HTTP', () => {
  let node: ShareNode;
  beforeEach(async () => {
    node = await startShareNode();
  });
  afterEach(() => node.close());

  const call = async <T>(method: string, path: string, body?: unknown) => {
    const request = body === undefined ? { method } : json(body, method);
    const { status, text } = await ask(node.port, `/api/v1${path}`, request);
    return { status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
  const upload = async (name: string) =>
    JSON.parse((await ask(node.port, '/api/v1/files', form(filePart(name, name)))).text) as FileEntry;
  const trash = async (query = '') => (await call<Page<TrashItem>>('GET', `/trash${query}`)).body;

  it('lists what was deleted page by page, gives it back, and deletes it for good', async () => {
    const entries = [await upload('a.txt'), await upload('b.txt'), await upload('c.txt')];
    for (const { id } of entries) expect((await call('DELETE', `/files/${id}`)).status).toBe(204);
    const first = await trash('?limit=2');
    expect([first.total, first.items.map(({ name }) => name)]).toEqual([3, ['c.txt', 'b.txt']]);
    const second = await trash(`?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect([second.nextCursor, second.items.map(({ name }) => name)]).toEqual([null, ['a.txt']]);
    expect(Date.parse(second.items[0]?.purgedAt ?? '')).toBeGreaterThan(Date.now());
    const [a, b] = entries;
    expect((await call('POST', `/files/${a?.id ?? ''}/restore`)).status).toBe(200);
    expect((await call('DELETE', `/trash/${b?.id ?? ''}`)).status).toBe(204);
    expect((await call<Problem>('DELETE', `/trash/${b?.id ?? ''}`)).body.code).toBe('file-not-found');
    expect((await call('DELETE', '/trash')).status).toBe(204);
    expect(await trash()).toEqual({ items: [], nextCursor: null, total: 0 });
    expect(await node.filesOnDisk()).toEqual(['shared/a.txt']);
  });

  it('takes a folder as one item', async () => {
    const { status, body } = await call<FileEntry>('POST', '/folders', { path: 'x/y' });
    expect([status, body.path, body.kind]).toEqual([201, 'x/y', 'folder']);
    const again = await call<FileEntry>('POST', '/folders', { path: 'X/Y' });
    expect([again.status, again.body]).toEqual([200, body]);
    const { items } = (await call<Page<FileEntry>>('GET', '/files?folder=')).body;
    await call('DELETE', `/files/${items[0]?.id ?? ''}`);
    expect((await trash()).items).toMatchObject([{ path: 'x', kind: 'folder', fileCount: 0 }]);
    expect((await call<Page<FileEntry>>('GET', '/files')).body.total).toBe(0);
    await call('POST', `/files/${items[0]?.id ?? ''}/restore`);
    expect((await call<FileEntry>('GET', `/files/${body.id}`)).body.path).toBe('x/y');
  });

  it('tells the UI, a few times a second at most', async () => {
    const events = node.app.get(EventsService);
    const { newest } = events;
    const entries = await Promise.all(Array.from({ length: 20 }, (_, at) => upload(`${at}.txt`)));
    await Promise.all(entries.map(({ id }) => call('DELETE', `/files/${id}`)));
    const types = Array.from({ length: events.newest - newest }, (_, at) => events.at(newest + 1 + at)?.type);
    const told = types.filter((type) => type === 'trash.changed').length;
    expect(told).toBeGreaterThanOrEqual(1);
    expect(told).toBeLessThan(20);
  });

  it('says so when a file is where a folder is needed', async () => {
    await mkdir(join(node.sharedDir, 'd'));
    await writeFile(join(node.sharedDir, 'd/file.txt'), 'x');
    let items: readonly FileEntry[] = [];
    while (items.length < 2) ({ items } = (await call<Page<FileEntry>>('GET', '/files')).body);
    const [top, file] = ['d', 'd/file.txt'].map((path) => items.find((item) => item.path === path)?.id ?? '');
    await call('DELETE', `/files/${file ?? ''}`);
    await call('DELETE', `/files/${top ?? ''}`);
    expect((await upload('d.txt')).name).toBe('d.txt');
    await writeFile(join(node.sharedDir, 'd'), 'a file now');
    const { status, body } = await call<Problem>('POST', `/files/${file ?? ''}/restore`);
    expect([status, body.code]).toEqual([409, 'name-conflict']);
  });

  it.each(['?limit=0', '?limit=1001', '?cursor=nonsense', '?sort=name', '?cursor='])('refuses %s', async (query) => {
    expect((await call('GET', `/trash${query}`)).status).toBe(400);
  });

  it.each([{}, { path: '' }, { path: 1 }, { path: null }, { path: 'x', other: 1 }])(
    'makes no folder for %j',
    async (body) => {
      expect((await call<Problem>('POST', '/folders', body)).body.code).toBe('validation');
    },
  );

  it.each(['../x', '/x', 'a//b', '.ferry-trash/x'])('makes no folder at %s', async (path) => {
    expect((await call<Problem>('POST', '/folders', { path })).body.code).toBe('unsafe-path');
  });
});
