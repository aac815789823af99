import { ask } from '../http/testing/http-client';
import { startShareNode, type ShareNode } from '../http/testing/share';
import { base64, codeOf, TUS, TusRequests, UPLOADS } from './testing/tus-requests';

describe('tus uploads that are refused', () => {
  let node: ShareNode;
  let tus: TusRequests;
  beforeAll(async () => {
    node = await startShareNode({ FERRY_MAX_FILE_SIZE: '1000000' });
    tus = new TusRequests(node);
  });
  afterAll(() => node.close());

  it.each<[string, number | string, Record<string, string>, Record<string, string>, number, string]>([
    ['with a name that leads out', 1, { filename: '../x.txt' }, {}, 400, 'unsafe-path'],
    ['with a path that leads out', 1, { filename: 'x.txt', path: '../../x.txt' }, {}, 400, 'unsafe-path'],
    ['with an absolute path', 1, { filename: 'x.txt', path: '/etc/x.txt' }, {}, 400, 'unsafe-path'],
    ['with a control character', 1, { filename: 'a\u0001.txt' }, {}, 400, 'unsafe-path'],
    ['with a reserved folder', 1, { filename: 'x.txt', path: '.ferry-staging/x.txt' }, {}, 400, 'unsafe-path'],
    ['of a blocked type', 1, { filename: 'x.exe' }, {}, 415, 'extension-not-allowed'],
    ['of a type that is not allowed', 1, { filename: 'x.xyz' }, {}, 415, 'extension-not-allowed'],
    ['that are too large', 1_000_001, { filename: 'x.txt' }, {}, 413, 'file-too-large'],
    ['without a name', 1, { filetype: 'text/plain' }, {}, 400, 'validation'],
    ['with an unknown rule', 1, { filename: 'x.txt', onConflict: 'overwrite' }, {}, 400, 'validation'],
    ['with a bad digest', 1, { filename: 'x.txt', sha256: 'abc' }, {}, 400, 'validation'],
    ['with a length that is none', 'x', { filename: 'x.txt' }, {}, 400, 'validation'],
    ['with a negative length', -1, { filename: 'x.txt' }, {}, 400, 'validation'],
    ['with a length beyond all numbers', '9'.repeat(30), { filename: 'x.txt' }, {}, 400, 'validation'],
    ['with two lengths', 1, { filename: 'x.txt' }, { 'upload-defer-length': '1' }, 400, 'validation'],
    ['that are to be joined', 1, { filename: 'x.txt' }, { 'upload-concat': 'partial' }, 400, 'validation'],
    ['in another version', 1, { filename: 'x.txt' }, { 'tus-resumable': '0.2.2' }, 412, 'upload-version'],
    ['with metadata that are none', 1, {}, { 'upload-metadata': 'filename ?' }, 400, 'validation'],
    ['with invalid UTF-8', 1, {}, { 'upload-metadata': `filename ${base64(Buffer.from([0xff]))}` }, 400, 'validation'],
    ['by a website', 1, { filename: 'x.txt' }, { origin: 'http://evil.example' }, 403, 'forbidden-origin'],
    ['under another host', 1, { filename: 'x.txt' }, { host: 'evil.example' }, 421, 'unknown-host'],
  ])('%s', async (_how, length, metadata, headers, status, code) => {
    const before = await node.filesOnDisk();
    const answer = await tus.create(length, metadata, headers);
    expect(codeOf(answer)).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(await node.filesOnDisk()).toEqual(before);
  });

  it('with the version they could have', async () => {
    const answer = await tus.create(1, { filename: 'x.txt' }, { 'tus-resumable': '0.2.2' });
    expect(answer.headers['tus-version']).toBe('1.0.0');
  });

  it.each<[string, number | string, Record<string, string>, number, string]>([
    ['at another offset', 4, {}, 409, 'upload-conflict'],
    ['at an offset that is none', 'x', {}, 400, 'validation'],
    ['of another type', 0, { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
    ['as JSON', 0, { 'content-type': 'application/json' }, 415, 'unsupported-media-type'],
    ['without the version', 0, { 'tus-resumable': '' }, 412, 'upload-version'],
  ])('in a piece %s', async (_how, offset, headers, status, code) => {
    const url = await tus.begin(10);
    const answer = await tus.patch(url, Number(offset), '{"a":1}', { 'upload-offset': String(offset), ...headers });
    expect(codeOf(answer)).toEqual([status, code]);
    expect((await tus.head(url)).headers['upload-offset']).toBe('0');
  });

  it('in a piece that is too long', async () => {
    const url = await tus.begin(3);
    expect(codeOf(await tus.patch(url, 0, 'abcd'))).toEqual([413, 'file-too-large']);
    const chunked = await tus.patch(url, 0, 'abcd', { 'transfer-encoding': 'chunked' });
    expect(codeOf(chunked)).toEqual([413, 'file-too-large']);
  });

  it.each(['nothing', '..%2f..%2fx', '%00', 'a'.repeat(1000), '__proto__'])('under the unknown id %s', async (id) => {
    expect((await tus.head(`${UPLOADS}/${id}`)).status).toBe(404);
    expect(codeOf(await tus.patch(`${UPLOADS}/${id}`, 0, 'x'))).toEqual([404, 'upload-not-found']);
  });

  it('by a method there is not', async () => {
    const { status, headers } = await ask(node.port, await tus.begin(1), { headers: TUS });
    expect([status, headers.allow]).toEqual([405, 'HEAD, POST, PATCH, DELETE']);
  });

  it('open nothing to websites but the one that is configured', async () => {
    const preflight = { 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'upload-offset' };
    const url = await tus.begin(5);
    const foreign = await ask(node.port, url, {
      method: 'OPTIONS',
      headers: { ...preflight, origin: 'http://evil.example' },
    });
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    const plain = await tus.head(url);
    expect(plain.headers['access-control-allow-origin']).toBeUndefined();
    const origin = `http://localhost:${node.config.webPort}`;
    const ours = await ask(node.port, url, { method: 'OPTIONS', headers: { ...preflight, origin } });
    expect([ours.status, ours.headers['access-control-allow-headers']]).toEqual([204, 'upload-offset']);
    const read = await ask(node.port, url, { method: 'HEAD', headers: { ...TUS, origin } });
    expect(read.headers['access-control-allow-origin']).toBe(origin);
    expect(read.headers['access-control-expose-headers']).toMatch(/Upload-Offset.*Ferry-Entry-Id/);
  });
});
