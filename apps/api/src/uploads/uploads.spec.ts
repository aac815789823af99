import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';
import { ask, type Answer } from '../http/testing/http-client';
import { startShareNode, type ShareNode } from '../http/testing/share';
import { base64, BYTES, codeOf, metadataOf, TUS, TusRequests, UPLOADS } from './testing/tus-requests';

describe('tus uploads', () => {
  let node: ShareNode;
  let tus: TusRequests;
  beforeAll(async () => {
    node = await startShareNode({ FERRY_MAX_FILE_SIZE: '1000000' });
    tus = new TusRequests(node);
  });
  afterAll(() => node.close());

  const entryOf = async ({ headers }: Answer) =>
    JSON.parse((await ask(node.port, `/api/v1/files/${String(headers['ferry-entry-id'])}`)).text) as FileEntry;
  const textOf = (path: string) => readFile(join(node.sharedDir, path), 'utf8');

  it('say what the node can do', async () => {
    const { status, headers } = await ask(node.port, UPLOADS, { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,creation-defer-length,termination,expiration,checksum',
      'tus-max-size': '1000000',
      'tus-checksum-algorithm': 'sha1,sha256,sha512',
    });
  });

  it('grow in pieces and end in the share', async () => {
    const created = await tus.create(10, { filename: 'é 日本.txt', path: 'a b/é 日本.txt', filetype: 'text/plain' });
    expect([created.status, created.text]).toEqual([201, '']);
    expect(created.headers).toMatchObject({
      location: expect.stringMatching(/^\/api\/v1\/uploads\/[0-9a-f-]{36}$/) as string,
      'upload-expires': expect.stringMatching(/ GMT$/) as string,
    });
    const url = String(created.headers.location);
    const first = await tus.patch(url, 0, '01234');
    expect([first.status, first.headers['upload-offset'], first.headers['ferry-entry-id']]).toEqual([
      204,
      '5',
      undefined,
    ]);
    expect((await tus.head(url)).headers).toMatchObject({
      'upload-offset': '5',
      'upload-length': '10',
      'upload-expires': expect.stringMatching(/ GMT$/) as string,
      'upload-metadata': `filename ${base64('é 日本.txt')},path ${base64('a b/é 日本.txt')},filetype ${base64('text/plain')}`,
      'cache-control': 'no-store',
    });
    const last = await tus.patch(url, 5, '56789');
    expect([last.status, last.headers['upload-offset']]).toEqual([204, '10']);
    expect(last.headers['ferry-entry-path']).toBe('a%20b/%C3%A9%20%E6%97%A5%E6%9C%AC.txt');
    expect(await entryOf(last)).toMatchObject({ path: 'a b/é 日本.txt', size: 10 });
    expect(await textOf('a b/é 日本.txt')).toBe('0123456789');
    const again = await tus.head(url); // a client that missed the last answer
    expect(again.headers).toMatchObject({ 'upload-offset': '10', 'ferry-entry-id': last.headers['ferry-entry-id'] });
  });

  it('of one request with all bytes', async () => {
    const answer = await tus.send('hello', { filename: 'at-once.txt' });
    expect([answer.status, answer.headers['upload-offset']]).toEqual([201, '5']);
    expect(await entryOf(answer)).toMatchObject({ name: 'at-once.txt', size: 5 });
  });

  it('of no bytes', async () => {
    expect(await entryOf(await tus.create(0, { filename: 'empty.txt' }))).toMatchObject({ size: 0 });
  });

  it('of a size that is told late', async () => {
    const { headers } = await ask(node.port, UPLOADS, {
      method: 'POST',
      headers: { ...TUS, 'upload-defer-length': '1', 'upload-metadata': metadataOf({ filename: 'late.txt' }) },
    });
    const url = String(headers.location);
    await tus.patch(url, 0, 'some ');
    expect((await tus.head(url)).headers).toMatchObject({ 'upload-defer-length': '1', 'upload-offset': '5' });
    expect(await entryOf(await tus.patch(url, 5, 'text', { 'upload-length': '9' }))).toMatchObject({ size: 9 });
  });

  it('are called off', async () => {
    const url = await tus.begin(5);
    await tus.patch(url, 0, 'abc');
    expect((await ask(node.port, url, { method: 'DELETE', headers: TUS })).status).toBe(204);
    expect((await tus.head(url)).status).toBe(404);
    expect(codeOf(await tus.patch(url, 3, 'de'))).toEqual([404, 'upload-not-found']);
    expect((await node.filesOnDisk()).filter((path) => path.includes('resumable'))).toEqual([]);
  });

  it('are not called off once they are published', async () => {
    const { headers } = await tus.send('kept', { filename: 'kept.txt' });
    const url = String(headers.location);
    expect(codeOf(await ask(node.port, url, { method: 'DELETE', headers: TUS }))).toEqual([404, 'upload-not-found']);
    const again = await tus.head(url);
    expect(again.headers).toMatchObject({ 'upload-offset': '4', 'ferry-entry-id': headers['ferry-entry-id'] });
    expect(again.headers['upload-expires']).toBeUndefined();
    expect(await textOf('kept.txt')).toBe('kept');
  });

  it('obey a POST that names another method', async () => {
    const url = await tus.begin(5, { filename: 'override.txt' });
    const post = (headers: object) =>
      ask(node.port, url, { method: 'POST', headers: { ...BYTES, 'upload-offset': '0', ...headers }, body: 'hello' });
    expect(codeOf(await post({}))).toEqual([400, 'validation']);
    expect((await post({ 'x-http-method-override': 'PATCH' })).headers['upload-offset']).toBe('5');
  });

  it('keep both, replace or skip what has the name', async () => {
    const upload = async (onConflict: string, body: string) => {
      const metadata = { filename: `${onConflict}.txt`, onConflict };
      return tus.send(body, metadata);
    };
    for (const rule of ['keep-both', 'replace', 'skip']) await writeFile(join(node.sharedDir, `${rule}.txt`), 'old');
    expect((await upload('keep-both', 'new')).headers['ferry-entry-path']).toBe('keep-both%20(2).txt');
    expect((await upload('replace', 'new')).headers['ferry-entry-path']).toBe('replace.txt');
    expect(await textOf('replace.txt')).toBe('new');
    const skipped = await upload('skip', 'new');
    expect(skipped.headers).toMatchObject({ 'ferry-entry-path': 'skip.txt', 'ferry-entry-skipped': 'true' });
    expect(await textOf('skip.txt')).toBe('old');
  });

  it('say so when a file is where a folder is needed', async () => {
    await tus.send('a file', { filename: 'conf.txt' });
    const url = await tus.begin(1, { filename: 'q.txt', path: 'conf.txt/q.txt' });
    expect(codeOf(await tus.patch(url, 0, 'q'))).toEqual([409, 'name-conflict']);
    expect((await ask(node.port, url, { method: 'DELETE', headers: TUS })).status).toBe(204);
  });

  it('are compared with the digest they were announced with', async () => {
    const sha256 = createHash('sha256').update('hello').digest('hex');
    const upload = (body: string) => tus.send(body, { filename: 'digest.txt', sha256 });
    expect((await upload('hello')).status).toBe(201);
    expect(codeOf(await upload('hallo'))).toEqual([422, 'hash-mismatch']);
    expect((await node.filesOnDisk()).filter((path) => path.includes('resumable'))).toEqual([]);
  });

  it('have checksums of their pieces compared', async () => {
    const url = await tus.begin(10, { filename: 'pieces.txt' });
    const sum = (algorithm: string, text: string) => ({
      'upload-checksum': `${algorithm} ${createHash(algorithm).update(text).digest('base64')}`,
    });
    expect((await tus.patch(url, 0, '01234', sum('sha1', '01234'))).status).toBe(204);
    expect(codeOf(await tus.patch(url, 5, '56789', sum('sha256', '5678x')))).toEqual([460, 'checksum-mismatch']);
    expect((await tus.head(url)).headers['upload-offset']).toBe('5');
    expect(codeOf(await tus.patch(url, 5, '56789', sum('md5', '56789')))).toEqual([400, 'validation']);
    expect((await tus.patch(url, 5, '56789', sum('sha512', '56789'))).headers['upload-offset']).toBe('10');
  });

  it('follow new limits', async () => {
    const store = node.app.get(FileStore);
    const before = store.limits;
    store.setLimits({ ...before, maxFileSize: 5 });
    expect((await ask(node.port, UPLOADS, { method: 'OPTIONS' })).headers['tus-max-size']).toBe('5');
    expect(codeOf(await tus.create(6, { filename: 'a.txt' }))).toEqual([413, 'file-too-large']);
    store.setLimits(before);
  });

  describe('at which two work', () => {
    /** A PATCH whose bytes stop coming; it ends with the test. */
    function hang(url: string, bytes: string) {
      const headers = { ...BYTES, 'upload-offset': '0', 'content-length': '10' };
      const outgoing = httpRequest({ host: '127.0.0.1', port: node.port, path: url, method: 'PATCH', headers });
      outgoing.on('error', () => undefined);
      outgoing.write(bytes);
      return outgoing;
    }

    it('the later one soon gets its turn, and nothing is lost', async () => {
      const url = await tus.begin(10, { filename: 'two.txt' });
      const hanging = hang(url, '0123');
      while (!(await node.filesOnDisk()).some((path) => path.includes('resumable'))) await new Promise(setImmediate);
      let offset = 0;
      while (offset < 4) offset = Number((await tus.head(url)).headers['upload-offset']); // each asks the other one to stop
      expect(offset).toBe(4);
      expect((await tus.patch(url, 4, '456789')).headers['upload-offset']).toBe('10');
      hanging.destroy();
      expect(await textOf('two.txt')).toBe('0123456789');
    });

    it('one of two equal pieces counts', async () => {
      const url = await tus.begin(10, { filename: 'equal.txt' });
      const answers = await Promise.all([1, 2, 3, 4].map(() => tus.patch(url, 0, '0123456789')));
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409]);
      expect(await textOf('equal.txt')).toBe('0123456789');
    });
  });

  it('that break off go on where the disk is', async () => {
    const bytes = randomBytes(600_000);
    const url = await tus.begin(bytes.length, { filename: 'broken.zip' });
    const headers = { ...BYTES, 'upload-offset': '0', 'content-length': String(bytes.length) };
    const outgoing = httpRequest({ host: '127.0.0.1', port: node.port, path: url, method: 'PATCH', headers });
    outgoing.on('error', () => undefined);
    await new Promise((resolve) => outgoing.write(bytes.subarray(0, 400_000), resolve));
    outgoing.destroy();
    const offset = Number((await tus.head(url)).headers['upload-offset']);
    expect(offset).toBeLessThanOrEqual(400_000);
    await tus.patch(url, offset, bytes.subarray(offset));
    expect((await readFile(join(node.sharedDir, 'broken.zip'))).equals(bytes)).toBe(true);
  });
});
