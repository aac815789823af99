import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'content-disposition';
import { FileStore } from '@ferry/file-store';
import type { FileEntry, Problem } from '@ferry/protocol';
import { ask } from '../http/testing/http-client';
import { filePart, form } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';

const TEXT = '0123456789';

describe('GET /files/{id}/content', () => {
  let node: ShareNode;
  let etag: string;
  let path: string;

  /** Uploads a file and waits until its content address is known. */
  async function upload(name: string, content: string): Promise<FileEntry> {
    const { text } = await ask(node.port, '/api/v1/files', form(filePart(name, content)));
    const { id } = JSON.parse(text) as FileEntry;
    const { entries } = node.app.get(FileStore);
    const current = entries.get(id);
    if (current.fileId !== undefined) return current;
    return new Promise((resolve) => {
      const stop = entries.onChange((change) => {
        if (change.type === 'removed' || change.entry.id !== id || change.entry.fileId === undefined) return;
        stop();
        resolve(change.entry);
      });
    });
  }

  function untilSummed({ id }: FileEntry): Promise<void> {
    const { entries } = node.app.get(FileStore);
    return new Promise((resolve) => {
      const look = () => {
        if (entries.get(id).sha256 === undefined) return;
        stop();
        resolve();
      };
      const stop = entries.onChange(look);
      look();
    });
  }

  const pathOf = ({ id }: FileEntry) => `/api/v1/files/${id}/content`;
  const get = (headers = {}, method = 'GET') => ask(node.port, path, { headers, method });

  beforeAll(async () => {
    node = await startShareNode();
    const entry = await upload('digits.txt', TEXT);
    path = pathOf(entry);
    etag = `"${entry.fileId ?? ''}"`;
  });
  afterAll(() => node.close());

  it('sends the whole file, to be saved and never run', async () => {
    const { status, text, headers } = await get();
    expect([status, text]).toEqual([200, TEXT]);
    expect(headers).toMatchObject({
      'content-type': 'text/plain',
      'content-length': '10',
      'content-disposition': 'attachment; filename=digits.txt',
      'accept-ranges': 'bytes',
      etag,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('answers HEAD with the same headers and no body', async () => {
    const { status, text, headers } = await get({}, 'HEAD');
    expect([status, text, headers['content-length'], headers.etag]).toEqual([200, '', '10', etag]);
  });

  it.each<[string, number, string, string | undefined]>([
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=5-', 206, '56789', 'bytes 5-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-100', 206, TEXT, 'bytes 0-9/10'],
    ['bytes=8-100', 206, '89', 'bytes 8-9/10'],
    ['bytes=0-2,1-4', 200, TEXT, undefined],
    ['bytes=5-2', 200, TEXT, undefined],
    ['bytes=-', 200, TEXT, undefined],
    [`bytes=1-${'9'.repeat(40)}`, 206, '123456789', 'bytes 1-9/10'],
    ['bytes=0-1,5-6', 200, TEXT, undefined],
    [`bytes=${Array.from({ length: 500 }, () => '0-1,5-6').join(',')}`, 200, TEXT, undefined],
    ['lines=0-1', 200, TEXT, undefined],
    ['nonsense', 200, TEXT, undefined],
  ])('range %s', async (range, status, text, contentRange) => {
    const answer = await get({ range });
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([status, text, contentRange]);
    expect(answer.headers['content-length']).toBe(String(text.length));
  });

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0', `bytes=${'9'.repeat(40)}-`])('answers 416 for %s', async (range) => {
    const { status, text, headers } = await get({ range });
    expect([status, headers['content-range']]).toEqual([416, 'bytes */10']);
    expect((JSON.parse(text) as Problem).code).toBe('range-unsatisfiable');
  });

  it('sends a range only of the content that If-Range names', async () => {
    const range = 'bytes=2-4';
    expect((await get({ range, 'if-range': etag })).status).toBe(206);
    for (const other of ['"other"', `W/${etag}`, new Date().toUTCString()]) {
      expect((await get({ range, 'if-range': other })).text).toBe(TEXT);
    }
  });

  it('answers 304 for the content that the client has', async () => {
    const { status, text } = await get({ 'if-none-match': etag });
    expect([status, text]).toEqual([304, '']);
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('answers 412 when the content is not the one that was named, before it looks at anything else', async () => {
    const day = 86_400_000;
    const past = new Date(Date.now() - day).toUTCString();
    const future = new Date(Date.now() + day).toUTCString();
    for (const bad of ['"other"', `W/${etag}`, '"a", "b"', '']) {
      const { status, text, headers } = await get({ 'if-match': bad, 'if-none-match': etag, range: 'bytes=99-' });
      expect([status, (JSON.parse(text) as Problem).code]).toEqual([412, 'precondition-failed']);
      expect(headers['content-disposition']).toBeUndefined();
    }
    for (const good of ['*', etag, `"other", ${etag}`])
      expect((await get({ 'if-match': good, 'if-unmodified-since': past })).status).toBe(200);
    expect((await get({ 'if-unmodified-since': past })).status).toBe(412);
    for (const good of [future, 'no date']) expect((await get({ 'if-unmodified-since': good })).status).toBe(200);
    const modified = String((await get()).headers['last-modified']);
    expect((await get({ 'if-unmodified-since': modified })).status).toBe(200);
    expect((await get({ 'if-match': etag, 'if-none-match': etag })).status).toBe(304);
    expect((await get({ 'if-match': '"other"' }, 'HEAD')).status).toBe(412);
  });

  it.each(['bytes=2-4', 'bytes=99-'])('does not look at the range %s of a HEAD', async (range) => {
    const { status, headers } = await get({ range }, 'HEAD');
    expect([status, headers['content-length'], headers['content-range']]).toEqual([200, '10', undefined]);
  });

  it('tells the digest of the whole file, also beside a range, once somebody asked for it', async () => {
    const entry = await upload('digest.txt', TEXT);
    const summed = untilSummed(entry);
    await ask(node.port, pathOf(entry), { headers: { 'want-repr-digest': 'sha-512=3, sha-256=10' } });
    await summed;
    const expected = `sha-256=:${createHash('sha256').update(TEXT).digest('base64')}:`;
    for (const [method, headers] of [
      ['GET', {}],
      ['HEAD', {}],
      ['GET', { range: 'bytes=2-4' }],
      ['GET', { 'want-repr-digest': 'sha-256=1' }],
    ] as const) {
      expect((await ask(node.port, pathOf(entry), { method, headers })).headers['repr-digest']).toBe(expected);
    }
    const unwanted = await ask(node.port, pathOf(entry), { headers: { 'want-repr-digest': 'sha-256=0' } });
    expect(unwanted.headers['repr-digest']).toBeUndefined();
    const refused = await ask(node.port, pathOf(entry), { headers: { range: 'bytes=99-' } });
    expect([refused.status, refused.headers['repr-digest']]).toEqual([416, undefined]);
  });

  it.each(['日本 файл €.txt', 'it\'s 100% "ok"; a=b.txt', 'plain.txt'])('tells the name %s', async (name) => {
    const entry = await upload(name.replaceAll('"', '%22'), 'x');
    const { headers } = await ask(node.port, pathOf(entry));
    expect(parse(String(headers['content-disposition'])).parameters['filename']).toBe(entry.name);
  });

  it('serves an empty file', async () => {
    const empty = pathOf(await upload('empty.txt', ''));
    expect(await ask(node.port, empty)).toMatchObject({ status: 200, text: '' });
    expect((await ask(node.port, empty, { headers: { range: 'bytes=0-0' } })).status).toBe(416);
  });

  it('refuses a file that changed since it was listed', async () => {
    const entry = await upload('changing.txt', 'x'.repeat(100));
    await truncate(join(node.sharedDir, entry.path), 50);
    const { status, text } = await ask(node.port, pathOf(entry));
    expect([status, (JSON.parse(text) as Problem).code]).toEqual([409, 'file-changed']);
  });

  it('lets a reader go away', async () => {
    const entry = await upload('long.txt', 'x'.repeat(20_000_000));
    const outgoing = request({ host: '127.0.0.1', port: node.port, path: pathOf(entry), agent: false }).end();
    await once(outgoing, 'response');
    outgoing.destroy();
    expect((await get()).status).toBe(200);
  });
});
