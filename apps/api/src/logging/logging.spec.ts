import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pinoHttp, { type Options } from 'pino-http';
import type { DestinationStream } from 'pino';
import { ask } from '../http/testing/http-client';
import { loggerParams } from './logging.module';
import { redactSecrets } from './redact';

describe('redactSecrets', () => {
  it.each([
    [
      '"ferry://pair?id=AB&addr=1.2.3.4:8000&secret=abc-_9&name=x"',
      '"ferry://pair?id=AB&addr=1.2.3.4:8000&secret=[redacted]&name=x"',
    ],
    ['GET /x?token=abc HTTP', 'GET /x?token=[redacted] HTTP'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    ['nothing to hide', 'nothing to hide'],
  ])('%s', (line, redacted) => expect(redactSecrets(line)).toBe(redacted));
});

describe('request log', () => {
  /** Serves one request with the node's logger and returns the lines. */
  async function linesOf(path: string, status = 200): Promise<Record<string, unknown>[]> {
    let text = '';
    const sink = { write: (line: string) => (text += line) };
    const { pinoHttp: params } = loggerParams({ logLevel: 'debug' }, sink);
    const logger = pinoHttp(...(params as [Options, DestinationStream]));
    const server = createServer((request, response) => {
      logger(request, response);
      request.log.info({ context: 'RouterExplorer' }, 'Mapped {/x, GET} route');
      request.log.info({ password: 'p4ss', headers: { cookie: 'c00kie' } }, 'claiming ferry://pair?secret=s3cret');
      response.statusCode = status;
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const headers = { authorization: 'Bearer t0ken', cookie: 'a=c00kie' };
    await ask((server.address() as AddressInfo).port, path, { headers });
    server.close();
    await once(server, 'close');
    expect(text).not.toMatch(/p4ss|c00kie|s3cret|t0ken|qu3ry/);
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it('is one JSON line with path, status and trace id, without query, headers and secrets', async () => {
    const [said, completed] = await linesOf('/api/v1/files?q=qu3ry', 404);
    expect(said).toMatchObject({ msg: 'claiming ferry://pair?secret=[redacted]', password: '[redacted]' });
    expect(completed).toMatchObject({
      level: 30,
      req: { method: 'GET', path: '/api/v1/files' },
      res: { statusCode: 404 },
      traceId: said?.['traceId'],
    });
  });

  it('leaves out health checks', async () => expect(await linesOf('/health/live')).toHaveLength(1));
});
