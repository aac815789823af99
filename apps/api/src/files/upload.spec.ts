import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import type { FileEntry, Problem } from '@ferry/protocol';
import { ask } from '../http/testing/http-client';
import { encode, filePart, form, rawForm, textPart } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';

describe('POST /files', () => {
  let node: ShareNode;
  beforeAll(async () => {
    node = await startShareNode({ FERRY_MAX_FILE_SIZE: '1000' });
  });
  afterAll(() => node.close());

  const upload = (body: Parameters<typeof ask>[2]) => ask(node.port, '/api/v1/files', body);
  const entryOf = (text: string) => JSON.parse(text) as FileEntry;

  it('adds the file to the share and says where it is', async () => {
    const answer = await upload(form(filePart('hello.txt', 'Hello')));
    expect(answer.status).toBe(201);
    const entry = entryOf(answer.text);
    expect(entry).toMatchObject({ name: 'hello.txt', path: 'hello.txt', size: 5, scope: 'shared', kind: 'file' });
    expect(answer.headers.location).toBe(`/api/v1/files/${entry.id}`);
    expect((await ask(node.port, `/api/v1/files/${entry.id}/content`)).text).toBe('Hello');
    expect(await node.filesOnDisk()).toContain('shared/hello.txt');
  });

  it('never overwrites', async () => {
    const answers = await Promise.all([1, 2, 3].map((each) => upload(form(filePart('same.txt', `${each}`)))));
    expect(answers.map(({ text }) => entryOf(text).name).sort()).toEqual(['same (2).txt', 'same (3).txt', 'same.txt']);
  });

  it('takes names of any script', async () => {
    const { text } = await upload(form(filePart('Ümläut 日本 😀.txt', 'x')));
    expect(entryOf(text).name).toBe('Ümläut 日本 😀.txt');
  });

  it('accepts an empty file', async () => {
    expect(entryOf((await upload(form(filePart('empty.txt', '')))).text).size).toBe(0);
  });

  it('accepts a file of exactly the limit', async () => {
    expect((await upload(form(filePart('full.txt', 'x'.repeat(1000))))).status).toBe(201);
  });

  it.each([
    ['before', [textPart('path', 'a/b/early.txt'), filePart('x.txt', '1')], 'a/b/early.txt'],
    ['after', [filePart('x.txt', '1'), textPart('path', 'a/b/late.txt')], 'a/b/late.txt'],
  ])('takes the path %s the file', async (_name, parts, path) => {
    expect(entryOf((await upload(form(...parts))).text).path).toBe(path);
  });

  describe('when the name is taken', () => {
    const send = (...parts: ReturnType<typeof filePart>[]) => upload(form(...parts));
    const textOf = async ({ id }: FileEntry) => (await ask(node.port, `/api/v1/files/${id}/content`)).text;
    const put = (name: string) => writeFile(join(node.sharedDir, name), 'old');

    it('keeps both', async () => {
      await put('both.txt');
      expect(entryOf((await send(filePart('both.txt', 'new'))).text).name).toBe('both (2).txt');
    });

    it('replaces the old file, which goes to the trash', async () => {
      await put('replaced.txt');
      const answer = await send(filePart('replaced.txt', 'new'), textPart('onConflict', 'replace'));
      expect([answer.status, entryOf(answer.text).path]).toEqual([201, 'replaced.txt']);
      expect(await textOf(entryOf(answer.text))).toBe('new');
    });

    it('skips the new file and answers with the old one', async () => {
      await put('skipped.txt');
      const answer = await send(textPart('onConflict', 'skip'), filePart('skipped.txt', 'new'));
      const entry = entryOf(answer.text);
      expect([answer.status, entry.path]).toEqual([200, 'skipped.txt']);
      expect(answer.headers.location).toBe(`/api/v1/files/${entry.id}`);
      expect(await textOf(entry)).toBe('old');
    });
  });

  describe('with a digest in its headers', () => {
    const sha256 = (bytes: string | Uint8Array) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
    const sha512 = (bytes: string) => `sha-512=:${createHash('sha512').update(bytes).digest('base64')}:`;
    const send = (digest: Readonly<Record<string, string>>) => {
      const { headers, ...rest } = form(filePart('digest.txt', 'hello'));
      return upload({ ...rest, headers: { ...headers, ...digest } });
    };
    const { body } = form(filePart('digest.txt', 'hello'));

    it.each([
      ['of the file', { 'repr-digest': sha256('hello') }],
      [
        'of the file, twice',
        { 'repr-digest': `${sha512('hello')}, ${sha256('hello')}`, 'content-digest': sha256('hello') },
      ],
      ['of the whole body', { 'content-digest': sha256(body) }],
      ['of an algorithm that nobody knows', { 'repr-digest': 'crc32c=:YWJjZA==:' }],
    ])('%s is taken', async (_of, digest) => expect((await send(digest)).status).toBe(201));

    it.each<[string, Record<string, string>, number, string]>([
      ['of another file', { 'repr-digest': sha256('hallo') }, 422, 'hash-mismatch'],
      ['of which one is wrong', { 'repr-digest': `${sha256('hello')}, ${sha512('hallo')}` }, 422, 'hash-mismatch'],
      ['of another body', { 'content-digest': sha256(Buffer.from('x')) }, 422, 'hash-mismatch'],
      ['that is too short', { 'content-digest': 'sha-256=:YWJj:' }, 400, 'validation'],
      ['that is none', { 'repr-digest': 'nonsense' }, 400, 'validation'],
    ])('%s is refused, and nothing is left behind', async (_of, digest, status, code) => {
      const before = await node.filesOnDisk();
      const answer = await send(digest);
      expect([answer.status, (JSON.parse(answer.text) as Problem).code]).toEqual([status, code]);
      expect(await node.filesOnDisk()).toEqual(before);
    });
  });

  it('says so when a file is where a folder is needed', async () => {
    expect((await ask(node.port, '/api/v1/files', form(filePart('conf.txt', 'a file')))).status).toBe(201);
    const sent = form(textPart('path', 'conf.txt/q.txt'), filePart('q.txt', 'q'));
    const { status, text } = await ask(node.port, '/api/v1/files', sent);
    expect([status, (JSON.parse(text) as Problem).code]).toEqual([409, 'name-conflict']);
    expect((await node.filesOnDisk()).filter((path) => path.includes('.ferry-staging'))).toEqual([]);
  });

  /** Without a Content-Length, by which alone it could be refused. */
  const unannounced = ({ headers, ...rest }: ReturnType<typeof form>) => ({
    ...rest,
    headers: { ...headers, 'transfer-encoding': 'chunked' },
  });
  const tooMuch = filePart('big.txt', 'x'.repeat(1001));
  const complete = Buffer.concat([encode(filePart('x.txt', '1'))]);
  it.each<[string, Parameters<typeof ask>[2], number, string]>([
    ['a file over the limit', form(tooMuch), 413, 'file-too-large'],
    ['a type that is not allowed', form(filePart('x.xyz', '1')), 415, 'extension-not-allowed'],
    ['a blocked type', form(filePart('x.exe', '1')), 415, 'extension-not-allowed'],
    ['a name with ../', form(filePart('../x.txt', '1')), 400, 'unsafe-path'],
    ['a path with ../', form(textPart('path', '../../x.txt'), filePart('x.txt', '1')), 400, 'unsafe-path'],
    ['a late path with ../', form(filePart('x.txt', '1'), textPart('path', '../../x.txt')), 400, 'unsafe-path'],
    [
      'a late path of a blocked type',
      form(filePart('x.txt', '1'), textPart('path', 'x.exe')),
      415,
      'extension-not-allowed',
    ],
    ['an absolute name', form(filePart('/etc/x.txt', '1')), 400, 'unsafe-path'],
    ['a name with a control character', form(filePart('a\u0001b.txt', '1')), 400, 'malformed-body'],
    [
      'a path with a control character',
      form(textPart('path', 'a\u0001b.txt'), filePart('x.txt', '1')),
      400,
      'unsafe-path',
    ],
    ['no file', form(textPart('path', 'x.txt')), 400, 'validation'],
    ['an empty form', form(), 400, 'validation'],
    ['an empty file name', form(filePart('', '1')), 400, 'validation'],
    ['two files', form(filePart('1.txt', '1'), filePart('2.txt', '2')), 400, 'validation'],
    ['a file in another field', form(filePart('x.txt', '1', 'other')), 400, 'validation'],
    ['a good and a foreign file', form(filePart('x.txt', '1'), filePart('y.txt', '1', 'other')), 400, 'validation'],
    ['an unknown rule', form(textPart('onConflict', 'overwrite'), filePart('x.txt', '1')), 400, 'validation'],
    ['a late unknown rule', form(filePart('x.txt', '1'), textPart('onConflict', '')), 400, 'validation'],
    ['an unknown field', form(textPart('nonsense', '1'), filePart('x.txt', '1')), 400, 'validation'],
    ['an unknown field after the file', form(filePart('x.txt', '1'), textPart('nonsense', '1')), 400, 'validation'],
    ['a field with brackets', form(textPart('path[a][b]', '1'), filePart('x.txt', '1')), 400, 'validation'],
    ['a field named __proto__', form(textPart('__proto__', '1'), filePart('x.txt', '1')), 400, 'validation'],
    [
      'two paths',
      form(textPart('path', 'a.txt'), textPart('path', 'b.txt'), filePart('x.txt', '1')),
      400,
      'validation',
    ],
    [
      'an endless path',
      unannounced(form(filePart('x.txt', '1'), textPart('path', 'x'.repeat(100_000)))),
      400,
      'validation',
    ],
    [
      '10,000 fields',
      unannounced(form(...Array.from({ length: 10_000 }, () => textPart('path', '1')))),
      400,
      'validation',
    ],
    ['a form that breaks off', rawForm(complete), 400, 'malformed-body'],
    ['a form that breaks off in the file', rawForm(complete.subarray(0, -3)), 400, 'malformed-body'],
    ['a form that is none', rawForm('nonsense'), 400, 'malformed-body'],
    [
      'no boundary',
      { ...form(filePart('x.txt', '1')), headers: { 'content-type': 'multipart/form-data' } },
      400,
      'malformed-body',
    ],
    [
      'JSON',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
      415,
      'unsupported-media-type',
    ],
    ['nothing', { method: 'POST' }, 400, 'validation'],
  ])('refuses %s and leaves nothing behind', async (_name, body, status, code) => {
    const before = await node.filesOnDisk();
    const answer = await upload(body);
    expect([answer.status, (JSON.parse(answer.text) as Problem).code]).toEqual([status, code]);
    expect(await node.filesOnDisk()).toEqual(before);
  });

  it.each([
    ['as a file', filePart('', '1')],
    ['as text', { ...filePart('', '1'), type: 'text/plain' }],
    ['as a field', textPart('file', '1')],
  ])('says that a file sent %s has no name', async (_how, part) => {
    const { detail, errors } = JSON.parse((await upload(form(part))).text) as Problem;
    expect(detail).toContain('has no name');
    expect(errors).toEqual([{ pointer: '/file', code: 'file-name-missing', detail }]);
  });

  it('leaves nothing behind when the client goes away', async () => {
    const before = await node.filesOnDisk();
    const { headers } = form();
    const outgoing = request({ host: '127.0.0.1', port: node.port, path: '/api/v1/files', method: 'POST', headers });
    outgoing.on('error', () => undefined);
    outgoing.write(encode(filePart('gone.txt', 'x'.repeat(500))).subarray(0, 400));
    while ((await node.filesOnDisk()).length === before.length) await new Promise(setImmediate);
    outgoing.destroy();
    await new Promise((resolve) => outgoing.once('close', resolve));
    while ((await node.filesOnDisk()).length !== before.length) await new Promise(setImmediate);
    expect(await node.filesOnDisk()).toEqual(before);
  });
});
