import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '@ferry/protocol';
import { listVisible, NodeGroup, type NodeProcess, sha256sum, untilEntry } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';
import { rawRequest } from './support/raw-http';

const CONTENT = randomBytes(3_000_000);

describe('files over HTTP', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let file: FileEntry;

  beforeAll(async () => {
    node = await group.start('node');
    const { id } = await node.api.upload({ name: 'photo é 日本.jpg', content: CONTENT });
    file = await untilEntry(node.api, 'photo é 日本.jpg');
    expect(file.id).toBe(id);
  });
  afterAll(() => group.dispose());

  const content = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${node.api.origin}/api/v1/files/${file.id}/content`, { method, headers });
  const etag = () => `"${file.fileId}"`;

  it('takes an upload into the share, with its metadata', async () => {
    expect(file).toMatchObject({
      name: 'photo é 日本.jpg',
      size: CONTENT.length,
      mediaType: 'image/jpeg',
      scope: 'shared',
      kind: 'file',
      state: 'ready',
      fileId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect((await node.api.status()).totals).toMatchObject({ sharedFiles: 1, sharedBytes: CONTENT.length });
  });

  it('takes an upload into a sub-folder, and keeps both of one name', async () => {
    const first = await node.api.upload({ name: 'a.txt', path: 'notes/2026/a.txt', content: 'first' });
    const second = await node.api.upload({ name: 'a.txt', path: 'notes/2026/a.txt', content: 'second' });
    expect([first.path, second.path]).toEqual(['notes/2026/a.txt', 'notes/2026/a (2).txt']);
    for (const { id } of [first, second]) await node.api.ok('DELETE', `/files/${id}`);
  });

  it('sends the whole file, to be saved and never run', async () => {
    const response = await content();
    expect(response.status).toBe(200);
    const copy = join(node.folders.root, 'copy');
    await writeFile(copy, new Uint8Array(await response.arrayBuffer()));
    expect(await sha256sum(copy)).toBe(await sha256sum(join(node.folders.shared, file.path)));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': String(CONTENT.length),
      'accept-ranges': 'bytes',
      etag: etag(),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox') as string,
      'content-disposition': expect.stringMatching(/^attachment;.*filename\*=UTF-8''photo%20%C3%A9%20/) as string,
    });
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=1000-1999', 1000, 2000],
    ['bytes=-100', CONTENT.length - 100, CONTENT.length],
    ['bytes=2999990-', 2_999_990, CONTENT.length],
    ['bytes=2999990-9999999', 2_999_990, CONTENT.length],
  ])('sends the range %s', async (range, start, end) => {
    const response = await content({ Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${CONTENT.length}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(CONTENT.subarray(start, end))).toBe(true);
  });

  it('answers HEAD with the headers alone', async () => {
    const response = await content({}, 'HEAD');
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(CONTENT.length)]);
    expect((await response.arrayBuffer()).byteLength).toBe(0);
  });

  it('sends nothing again to who has it, and a range only of the same content', async () => {
    // By hand: fetch adds Cache-Control: no-cache, which asks for the whole file.
    const lines = [`Host: 127.0.0.1:${node.ports.http}`, `If-None-Match: ${etag()}`];
    const { status } = await rawRequest(node.ports.http, [`GET /api/v1/files/${file.id}/content HTTP/1.1`, ...lines]);
    expect(status).toBe(304);
    expect((await content({ Range: 'bytes=0-9', 'If-Range': etag() })).status).toBe(206);
    expect((await content({ Range: 'bytes=0-9', 'If-Range': '"other"' })).status).toBe(200);
  });

  it('answers 416 for a range beyond the end', async () => {
    const path = `/api/v1/files/${file.id}/content`;
    const answer = await node.api.fetch<never>(path, { headers: { Range: `bytes=${CONTENT.length}-` } });
    expectProblem(answer, 416, 'range-unsatisfiable');
    expect(answer.headers.get('content-range')).toBe(`bytes */${CONTENT.length}`);
  });

  it('deletes to the trash and restores', async () => {
    const { id } = await node.api.upload({ name: 'undo.txt', content: 'undo me' });
    await node.api.ok('DELETE', `/files/${id}`);
    expect(await listVisible(node.folders.shared)).toEqual([file.path]);
    expectProblem(await node.api.call('GET', `/files/${id}/content`), 404, 'file-not-found');
    const restored = await node.api.ok<FileEntry>('POST', `/files/${id}/restore`);
    expect(restored).toMatchObject({ path: 'undo.txt', size: 7 });
    expect(await listVisible(node.folders.shared)).toEqual([file.path, 'undo.txt'].sort());
    const again = await fetch(`${node.api.origin}/api/v1/files/${restored.id}/content`);
    expect(await again.text()).toBe('undo me');
    await node.api.ok('DELETE', `/files/${restored.id}`);
  });

  it('pages and sorts the list', async () => {
    for (let n = 1; n <= 5; n += 1) await node.api.upload({ name: `page-${n}.txt`, content: 'x'.repeat(n) });
    const first = await node.api.files('shared', 'q=PAGE-&sort=-size&limit=3');
    expect(first.total).toBe(5);
    const second = await node.api.files('shared', `q=PAGE-&sort=-size&limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map((entry) => entry.size)).toEqual([5, 4, 3, 2, 1]);
    expect(second.nextCursor).toBeNull();
  });

  it('describes itself', async () => {
    const { body } = await node.api.fetch<{ openapi: string; paths: object }>('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/api/v1/files', '/api/v1/peers', '/api/v1/pairings/claim', '/api/v1/transfers/{id}']),
    );
    expect((await node.api.fetch('/api/docs')).status).toBe(200);
  });
});
