import type { ProblemCode } from '@ferry/protocol';
import { listTree, MEBIBYTE, NodeGroup, type NodeProcess } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';
import { rawRequest } from './support/raw-http';

const LIMIT = MEBIBYTE;

describe('bad input in bodies, uploads and queries', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let before: readonly string[];

  beforeAll(async () => {
    node = await group.start('node', {
      env: { FERRY_MAX_FILE_SIZE: String(LIMIT), FERRY_ALLOWED_EXTENSIONS: 'txt,bin' },
    });
    await node.api.upload({ name: 'kept.txt', content: 'kept' });
    before = await tree();
  });
  afterAll(() => group.dispose());

  /** Nothing is left on the disk, nothing is listed, the process goes on. */
  afterEach(async () => {
    expect(await tree()).toEqual(before);
    expect((await node.api.files('shared')).items.map((entry) => entry.path)).toEqual(['kept.txt']);
    expect((await node.api.fetch('/health/ready')).status).toBe(200);
  });

  /** Everything but the database's own files, and one level above the node's folders. */
  async function tree(): Promise<string[]> {
    const { root } = node.folders;
    return (await listTree(root)).filter((path) => !path.startsWith('data/'));
  }

  it.each<[string, { name: string; content?: string; path?: string }, number, ProblemCode]>([
    ['one byte over the limit', { name: 'large.bin', content: 'x'.repeat(LIMIT + 1) }, 413, 'file-too-large'],
    ['far over the limit', { name: 'large.bin', content: 'x'.repeat(8 * LIMIT) }, 413, 'file-too-large'],
    ['a program', { name: 'setup.exe' }, 415, 'extension-not-allowed'],
    ['a program by its last extension', { name: 'letter.txt.exe' }, 415, 'extension-not-allowed'],
    ['an extension that is not on the list', { name: 'song.flac' }, 415, 'extension-not-allowed'],
    ['no extension', { name: 'README' }, 415, 'extension-not-allowed'],
    ['a name with ../', { name: '../evil.txt' }, 400, 'unsafe-path'],
    ['a name with more ../', { name: '../../../../tmp/evil.txt' }, 400, 'unsafe-path'],
    ['an absolute name', { name: '/tmp/evil.txt' }, 400, 'unsafe-path'],
    ['a path with ../', { name: 'evil.txt', path: '../evil.txt' }, 400, 'unsafe-path'],
    ['a path with ../ in the middle', { name: 'evil.txt', path: 'a/../../evil.txt' }, 400, 'unsafe-path'],
    ['an absolute path', { name: 'evil.txt', path: '/tmp/evil.txt' }, 400, 'unsafe-path'],
    ['a path with a null byte', { name: 'evil.txt', path: 'a\0b.txt' }, 400, 'unsafe-path'],
    ['a blocked extension hidden in the path', { name: 'ok.txt', path: 'bad.exe' }, 415, 'extension-not-allowed'],
  ])('refuses an upload of %s', async (_case, { name, content = 'evil', path }, status, code) => {
    expectProblem(await node.api.tryUpload({ name, content, path }), status, code);
  });

  it('takes a file of exactly the limit', async () => {
    const { id } = await node.api.upload({ name: 'full.bin', content: 'x'.repeat(LIMIT) });
    await node.api.ok('DELETE', `/files/${id}`);
    before = await tree(); // the trash holds it now
  });

  it('answers a refused upload before its last byte', async () => {
    const begin = '--b\r\nContent-Disposition: form-data; name="file"; filename="setup.exe"\r\n\r\nMZ';
    const lines = ['POST /api/v1/files HTTP/1.1', `Host: 127.0.0.1:${node.ports.http}`];
    const type = 'Content-Type: multipart/form-data; boundary=b';
    const early = (length: number, body: string) =>
      rawRequest(node.ports.http, [...lines, type, `Content-Length: ${length}`], body);
    expect(await early(LIMIT, begin)).toEqual({
      status: 415,
      text: expect.stringContaining('"code":"extension-not-allowed"') as string,
    });
    expect(await early(3_000 * MEBIBYTE, '')).toEqual({
      status: 413,
      text: expect.stringContaining('"code":"file-too-large"') as string,
    });
  });

  it('refuses a form without a file, and one that breaks off', async () => {
    const form = new FormData();
    form.append('path', 'a.txt');
    expectProblem(await node.api.fetch('/api/v1/files', { method: 'POST', body: form }), 400, 'validation');
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
    const broken = '--b\r\nContent-Disposition: form-data; name="file"; filename="cut.txt"\r\n\r\nhalf a fi';
    expectProblem(
      await node.api.fetch('/api/v1/files', { method: 'POST', body: broken, headers }),
      400,
      'malformed-body',
    );
  });

  it('leaves nothing of an upload that the client gave up', async () => {
    const abort = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(
          Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="gone.txt"\r\n\r\nhalf'),
        ),
      pull: () => abort.abort(),
    });
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
    const init = { method: 'POST', body, headers, duplex: 'half', signal: abort.signal } as RequestInit;
    await expect(node.api.fetch('/api/v1/files', init)).rejects.toThrow();
  });

  it.each<[string, string, string | object, Record<string, string>, number, ProblemCode]>([
    ['bad JSON', '/peers', '{"address":', {}, 400, 'malformed-body'],
    ['JSON that is no object', '/peers', '[]', {}, 400, 'validation'],
    ['an unknown field', '/peers', { address: '127.0.0.1:1', admin: true }, {}, 400, 'validation'],
    ['a missing field', '/peers', {}, {}, 400, 'validation'],
    ['a wrong type', '/peers', { address: 5 }, {}, 400, 'validation'],
    ['__proto__', '/peers', '{"address":"127.0.0.1:1","__proto__":{"a":1}}', {}, 400, 'validation'],
    [
      'text instead of JSON',
      '/peers',
      '{"address":"127.0.0.1:1"}',
      { 'Content-Type': 'text/plain' },
      415,
      'unsupported-media-type',
    ],
    ['a body of 10 MB', '/peers', `{"address":"${'a'.repeat(10_000_000)}"}`, {}, 413, 'body-too-large'],
    ['no entries', '/transfers', { peerId: 'x', entryIds: [] }, {}, 400, 'validation'],
    [
      'too many entries',
      '/transfers',
      { peerId: 'x', entryIds: Array.from({ length: 10_001 }, () => 'a') },
      {},
      400,
      'validation',
    ],
    [
      'entries of more bytes than a body may have',
      '/transfers',
      { peerId: 'x', entryIds: Array.from({ length: 10_001 }, () => 'a'.repeat(128)) },
      {},
      413,
      'body-too-large',
    ],
    ['an over-long entry id', '/transfers', { peerId: 'x', entryIds: ['a'.repeat(5_000)] }, {}, 400, 'validation'],
    ['an unknown peer', '/transfers', { peerId: 'x', entryIds: ['a'] }, {}, 404, 'peer-not-found'],
  ])('refuses %s', async (_case, path, body, headers, status, code) => {
    expectProblem(await node.api.call('POST', path, body, headers), status, code);
  });

  it('says which field was wrong', async () => {
    const { body } = await node.api.call('POST', '/peers', { address: '127.0.0.1:1', admin: true });
    expect(body.errors).toEqual([{ pointer: '/admin', code: 'unknown-field', detail: expect.any(String) as string }]);
  });

  it.each([
    ['/files?limit=0', 400, 'validation'],
    ['/files?limit=1000000', 400, 'validation'],
    ['/files?scope=other', 400, 'validation'],
    ['/files?sort=secret', 400, 'validation'],
    ['/files?cursor=nonsense', 400, 'bad-cursor'],
    ['/files?unknown=1', 400, 'validation'],
    [`/files?q=${'a'.repeat(1_000)}`, 400, 'validation'],
    ['/transfers?state=nonsense', 400, 'validation'],
    ['/transfers?cursor=nonsense', 400, 'bad-cursor'],
    ['/files/nope', 404, 'file-not-found'],
    ['/files/nope/content', 404, 'file-not-found'],
    ['/files/..%2f..%2fetc%2fpasswd/content', 404, 'file-not-found'],
    ['/transfers/nope', 404, 'transfer-not-found'],
    ['/transfers/nope/files', 404, 'transfer-not-found'],
    ['/nothing/here', 404, 'not-found'],
  ] as const)('GET %.40s answers %i %s', async (path, status, code) => {
    expectProblem(await node.api.call('GET', path), status, code);
  });

  it.each([
    ['DELETE', '/files/nope', undefined, 'file-not-found'],
    ['POST', '/files/nope/restore', undefined, 'file-not-found'],
    ['PATCH', '/transfers/nope', { state: 'paused' }, 'transfer-not-found'],
    ['POST', '/transfers/nope/retry', undefined, 'transfer-not-found'],
    ['DELETE', '/transfers/nope', undefined, 'transfer-not-found'],
  ] as const)('%s %s answers 404', async (method, path, body, code) => {
    expectProblem(await node.api.call(method, path, body), 404, code);
  });

  it('refuses a state that nobody can ask for', async () => {
    expectProblem(await node.api.call('PATCH', '/transfers/nope', { state: 'complete' }), 400, 'validation');
  });
});
