import { askRaw } from './testing/http-client';
import { startTestApp, type TestApp } from './testing/test-app';

describe('answerClientErrors', () => {
  let node: TestApp;
  beforeAll(async () => {
    node = await startTestApp();
  });
  afterAll(() => node.close());

  it.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400, 'malformed-request'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000', 400, 'malformed-request'],
    [
      'too many headers',
      `GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    [
      'a length and chunks at once',
      'POST /api/v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed-request',
    ],
  ])('answers %s with a problem and ends the connection', async (_what, bytes, status, code) => {
    const answer = await askRaw(node.port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(JSON.parse(body)).toMatchObject({ status, code, detail: expect.stringMatching(/.{20}/) as string });
  });
});
