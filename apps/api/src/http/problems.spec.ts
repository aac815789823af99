import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { FileStoreError } from '@ferry/file-store';
import type { Problem } from '@ferry/protocol';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, MaxLength, ValidateNested } from 'class-validator';
import { PeerError } from '../transport/peer-error';
import { TransferError } from '../transfers/transfer-error';
import { FILE_STORE_PROBLEMS, PEER_PROBLEMS } from './error-tables';
import { ProblemError } from './problem-error';
import { PROBLEMS } from './problem-table';
import { ask, json, type Answer } from './testing/http-client';
import { startTestApp, type TestApp } from './testing/test-app';

class ItemDto {
  @IsInt() readonly count!: number;
}

class BodyDto {
  @IsString() @MaxLength(5) readonly name!: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ItemDto) readonly items: ItemDto[] = [];
}

class QueryDto {
  @IsInt() @Type(() => Number) readonly limit: number = 1;
}

const SECRET_PATH = '/home/somebody/secret';

@Controller('probe')
class ProbeController {
  @Get('throw/:what')
  fail(@Param('what') what: string): void {
    const [layer, code] = what.split(':');
    if (layer === 'store') throw new FileStoreError(code as keyof typeof FILE_STORE_PROBLEMS, 'About a file');
    if (layer === 'peer') throw new PeerError(code as keyof typeof PEER_PROBLEMS, 'About a peer');
    if (layer === 'transfer') throw new TransferError('ILLEGAL_TRANSITION', 'About a transfer');
    if (layer === 'nest') throw new NotFoundException('anything');
    if (layer === 'bug') throw new TypeError(`cannot read ${SECRET_PATH}`);
    throw new ProblemError('validation', 'Own words');
  }

  @Get('query')
  query(@Query() query: QueryDto): QueryDto {
    return query;
  }

  @Post('body')
  @HttpCode(200)
  body(@Body() body: BodyDto): BodyDto {
    return body;
  }
}

const problemOf = ({ text }: Answer) => JSON.parse(text) as Problem;

describe('problems', () => {
  let node: TestApp;
  const get = (path: string) => ask(node.port, `/api/v1/probe/${path}`);
  const post = (body: Parameters<typeof ask>[2]) => ask(node.port, '/api/v1/probe/body', body);

  beforeAll(async () => {
    node = await startTestApp({ controllers: [ProbeController] });
  });
  afterAll(() => node.close());

  it.each([
    ['store:NOT_FOUND', 404, 'file-not-found'],
    ['store:UNSAFE_NAME', 400, 'unsafe-path'],
    ['store:EXTENSION_NOT_ALLOWED', 415, 'extension-not-allowed'],
    ['store:TOO_LARGE', 413, 'file-too-large'],
    ['store:NO_SPACE', 507, 'insufficient-storage'],
    ['store:TOO_MANY', 429, 'too-many-requests'],
    ['store:CHANGED', 409, 'file-changed'],
    ['store:NOT_READY', 409, 'illegal-transition'],
    ['store:HASH_MISMATCH', 422, 'hash-mismatch'],
    ['store:BAD_CURSOR', 400, 'bad-cursor'],
    ['store:LOCKED', 500, 'internal'],
    ['store:IO', 500, 'internal'],
    ['peer:ADDRESS_INVALID', 400, 'validation'],
    ['peer:DNS_FAILED', 502, 'peer-unreachable'],
    ['peer:TLS_FAILED', 502, 'peer-refused'],
    ['peer:IDENTITY_MISMATCH', 502, 'peer-identity'],
    ['peer:SELF', 409, 'pairing-self'],
    ['peer:VERSION', 502, 'peer-version'],
    ['peer:NOT_PAIRED', 403, 'peer-untrusted'],
    ['peer:OFFLINE', 503, 'peer-offline'],
    ['peer:NOT_FOUND', 404, 'peer-not-found'],
    ['peer:PAIRING_EXPIRED', 410, 'pairing-expired'],
    ['peer:PAIRING_WRONG', 403, 'pairing-wrong-code'],
    ['peer:RATE_LIMITED', 429, 'too-many-requests'],
    ['transfer:ILLEGAL_TRANSITION', 409, 'illegal-transition'],
    ['nest', 404, 'not-found'],
    ['own', 400, 'validation'],
    ['bug', 500, 'internal'],
  ])('%s is %i %s', async (what, status, code) => {
    const answer = await get(`throw/${what}`);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(problemOf(answer)).toMatchObject({
      type: `/problems/${code}`,
      title: PROBLEMS[code as keyof typeof PROBLEMS].title,
      status,
      code,
      instance: `/api/v1/probe/throw/${what}`,
      traceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('tells nothing of the inside of a bug', async () => {
    const { text } = await get('throw/bug');
    expect(text).not.toMatch(/secret|TypeError|\.ts|node_modules/);
  });

  it('names the field of a bad address', async () => {
    expect(problemOf(await get('throw/peer:ADDRESS_INVALID')).errors).toEqual([
      { pointer: '/address', code: 'address-invalid', detail: 'About a peer' },
    ]);
  });

  it('says when to come again', async () => {
    expect((await get('throw/peer:RATE_LIMITED')).headers['retry-after']).toBe('60');
  });

  it.each(['/api/v1/nothing', '/api/v1/nothing?secret=x', '/api', '/health', '/api/v2/files'])(
    'answers 404 not-found for %s',
    async (path) => {
      const answer = await ask(node.port, path);
      expect(answer.status).toBe(404);
      expect(problemOf(answer).code).toBe('not-found');
      expect(answer.text).not.toContain('secret');
    },
  );

  it.each([
    ['DELETE', 'body', 'POST'],
    ['GET', 'body', 'POST'],
    ['POST', 'query?limit=1', 'GET, HEAD'],
    ['PUT', 'throw/anything', 'GET, HEAD'],
  ])('answers 405 and the methods there are for %s %s', async (method, path, allow) => {
    const answer = await ask(node.port, `/api/v1/probe/${path}`, { method });
    expect([answer.status, problemOf(answer).code, answer.headers.allow]).toEqual([405, 'method-not-allowed', allow]);
  });

  it('lists every bad field with its pointer', async () => {
    const answer = await post(json({ name: 'too long', items: [{ count: 1 }, { count: 'x' }], extra: 1 }));
    expect(answer.status).toBe(400);
    const pointers = problemOf(answer).errors?.map(({ pointer, code }) => [pointer, code]);
    expect(pointers).toEqual(
      expect.arrayContaining([
        ['/extra', 'unknown-field'],
        ['/name', 'max-length'],
        ['/items/1/count', 'is-int'],
      ]),
    );
  });

  it.each(['limit=x', 'limit=1&limit=2', 'limit[]=1', 'other=1', '__proto__=1', 'constructor=1'])(
    'refuses the query %s',
    async (query) => {
      const answer = await get(`query?${query}`);
      expect([answer.status, problemOf(answer).code]).toEqual([400, 'validation']);
    },
  );

  const deep = `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
  const jsonType = { 'content-type': 'application/json' };
  it.each<[string, Parameters<typeof ask>[2], number, string]>([
    ['no JSON', { method: 'POST', headers: jsonType, body: '{"name":' }, 400, 'malformed-body'],
    ['a bare value', { method: 'POST', headers: jsonType, body: '"name"' }, 400, 'malformed-body'],
    ['deep nesting', { method: 'POST', headers: jsonType, body: deep }, 400, 'malformed-body'],
    ['__proto__', { method: 'POST', headers: jsonType, body: '{"__proto__":{"name":"x"}}' }, 400, 'validation'],
    ['constructor', { method: 'POST', headers: jsonType, body: '{"name":"x","constructor":1}' }, 400, 'validation'],
    ['a list', { method: 'POST', headers: jsonType, body: '[]' }, 400, 'validation'],
    [
      'too much',
      { method: 'POST', headers: jsonType, body: `{"name":"${'x'.repeat(1024 * 1024)}"}` },
      413,
      'body-too-large',
    ],
    [
      'gzip',
      { method: 'POST', headers: { ...jsonType, 'content-encoding': 'gzip' }, body: 'x' },
      415,
      'unsupported-media-type',
    ],
    [
      'another charset',
      { method: 'POST', headers: { 'content-type': 'application/json; charset=latin7' }, body: '{}' },
      415,
      'unsupported-media-type',
    ],
    [
      'H14 plain text',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"name":"x"}' },
      415,
      'unsupported-media-type',
    ],
    [
      'H15 a form',
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'name=x' },
      415,
      'unsupported-media-type',
    ],
    [
      'a multipart form',
      { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
      415,
      'unsupported-media-type',
    ],
    ['no type', { method: 'POST', body: '{"name":"x"}' }, 415, 'unsupported-media-type'],
    ['nothing', { method: 'POST' }, 400, 'validation'],
  ])('refuses a body of %s', async (_name, request, status, code) => {
    const answer = await post(request);
    expect([answer.status, problemOf(answer).code]).toEqual([status, code]);
  });

  it.each(['%zz', '%c0%af'])('refuses the path parameter %s', async (id) => {
    expect((await get(`throw/${id}`)).status).toBe(400);
  });

  it('accepts braces inside strings', async () => {
    expect((await post(json({ name: '[{"\\' }))).status).toBe(200);
  });
});
