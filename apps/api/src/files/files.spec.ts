import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, Page, Problem } from '@ferry/protocol';
import { ask } from '../http/testing/http-client';
import { filePart, form } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';

describe('files', () => {
  let node: ShareNode;
  beforeEach(async () => {
    node = await startShareNode();
  });
  afterEach(() => node.close());

  const get = async <T>(path: string) => JSON.parse((await ask(node.port, `/api/v1/files${path}`)).text) as T;
  const upload = async (name: string) =>
    JSON.parse((await ask(node.port, '/api/v1/files', form(filePart(name, name)))).text) as FileEntry;

  it('are listed page by page', async () => {
    for (const name of ['b.txt', 'c.txt', 'a.txt']) await upload(name);
    const first = await get<Page<FileEntry>>('?limit=2&sort=-name');
    expect(first.items.map(({ name }) => name)).toEqual(['c.txt', 'b.txt']);
    expect(first.total).toBe(3);
    const second = await get<Page<FileEntry>>(`?limit=2&sort=-name&cursor=${first.nextCursor ?? ''}`);
    expect(second.items.map(({ name }) => name)).toEqual(['a.txt']);
    expect(second.nextCursor).toBeNull();
  });

  it('are listed folder by folder, with what is not listed told elsewhere', async () => {
    await mkdir(join(node.sharedDir, 'album/empty'), { recursive: true });
    await symlink('nowhere', join(node.sharedDir, 'album/link'));
    await writeFile(join(node.sharedDir, 'album/one.txt'), 'one');
    await writeFile(join(node.sharedDir, 'top.txt'), 'x');
    const list = async (query: string) => (await get<Page<FileEntry>>(query)).items;
    while ((await list('?kind=file')).length < 2 || (await list('?kind=folder')).length < 2);
    expect(await list('?folder=')).toMatchObject([
      { path: 'album', kind: 'folder', fileCount: 1, size: 3 },
      { path: 'top.txt', kind: 'file' },
    ]);
    expect((await list('?folder=album&sort=-type')).map(({ path }) => path)).toEqual(['album/empty', 'album/one.txt']);
    expect(await get('/skipped?scope=shared')).toEqual({
      items: [{ scope: 'shared', path: 'album/link', reason: 'symbolic link' }],
      total: 1,
    });
    expect(await get('/skipped?scope=received')).toEqual({ items: [], total: 0 });
  });

  it('are found by a part of their name', async () => {
    await upload('Report.txt');
    await upload('other.txt');
    expect((await get<Page<FileEntry>>('?q=REP')).items.map(({ name }) => name)).toEqual(['Report.txt']);
  });

  it('are those of one scope', async () => {
    await upload('a.txt');
    expect((await get<Page<FileEntry>>('?scope=received')).total).toBe(0);
    expect((await get<Page<FileEntry>>('?scope=all')).total).toBe(1);
  });

  it('go to the trash and come back', async () => {
    const { id } = await upload('a.txt');
    expect((await ask(node.port, `/api/v1/files/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(node.port, `/api/v1/files/${id}`)).status).toBe(404);
    expect(await node.filesOnDisk()).not.toContain('shared/a.txt');
    const restored = await ask(node.port, `/api/v1/files/${id}/restore`, { method: 'POST' });
    expect([restored.status, (JSON.parse(restored.text) as FileEntry).name]).toEqual([200, 'a.txt']);
    expect(await node.filesOnDisk()).toContain('shared/a.txt');
    expect((await ask(node.port, `/api/v1/files/${id}/restore`, { method: 'POST' })).status).toBe(404);
  });

  it('that were put there by hand are announced and listed', async () => {
    await writeFile(join(node.sharedDir, 'by hand.txt'), 'x');
    let items: readonly FileEntry[] = [];
    while (items.length === 0) ({ items } = await get<Page<FileEntry>>(''));
    expect(items[0]?.name).toBe('by hand.txt');
  });
});

describe('requests for files that are refused', () => {
  let node: ShareNode;
  beforeAll(async () => {
    node = await startShareNode();
  });
  afterAll(() => node.close());

  it.each([
    ['limit=0', 'validation'],
    ['limit=1001', 'validation'],
    ['limit=-1', 'validation'],
    ['limit=1e9', 'validation'],
    ['limit=', 'validation'],
    ['sort=secret', 'validation'],
    ['scope=everything', 'validation'],
    ['kind=symlink', 'validation'],
    ['folder=a&folder=b', 'validation'],
    ['q=a&q=b', 'validation'],
    ['page=1', 'validation'],
    ['cursor=nonsense', 'bad-cursor'],
  ])('the query %s', async (query, code) => {
    const answer = await ask(node.port, `/api/v1/files?${query}`);
    expect([answer.status, (JSON.parse(answer.text) as Problem).code]).toEqual([400, code]);
  });

  it.each(['', '/content'])('unknown ids%s', async (suffix) => {
    for (const unknown of ['nothing', '__proto__', 'constructor', '%2e%2e%2fx', '%00', 'a'.repeat(1000)]) {
      const answer = await ask(node.port, `/api/v1/files/${unknown}${suffix}`);
      expect([unknown, answer.status]).toEqual([unknown, 404]);
    }
  });
});
