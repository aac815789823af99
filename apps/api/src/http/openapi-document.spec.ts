import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { format, resolveConfig } from 'prettier';
import { startNode, type RunningNode } from '../start-node';
import { ask } from './testing/http-client';

const DOCUMENT = join(__dirname, '../../../../docs/openapi.json');
/** A whole node, on a machine that may be busy with other specs. */
const START_TIMEOUT_MS = 30_000;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * `docs/openapi.json` is what clients are written against. After a wanted change of the API, write it anew with
 * `UPDATE_OPENAPI=1 npx nx test api --testPathPatterns openapi-document` and look at the difference.
 */
describe('docs/openapi.json', () => {
  let folder: string;
  let node: RunningNode;
  let served: OpenAPIObject;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-openapi-'));
    node = await startNode({
      FERRY_HTTP_PORT: '0',
      FERRY_PEER_HOST: '127.0.0.1',
      FERRY_PEER_PORT: '0',
      FERRY_LOG_LEVEL: 'silent',
      FERRY_SHARED_DIR: join(folder, 'shared'),
      FERRY_RECEIVED_DIR: join(folder, 'received'),
      FERRY_DATA_DIR: join(folder, 'data'),
    });
    served = JSON.parse((await ask(node.ports.http, '/api/openapi.json')).text) as OpenAPIObject;
    if (process.env['UPDATE_OPENAPI'] === '1') await rewrite(served);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await node.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is the document that the node serves', async () => {
    expect(served).toEqual(JSON.parse(await readFile(DOCUMENT, 'utf8')));
  });

  it('has a summary, a described answer and the problems of every operation', () => {
    for (const [path, item] of Object.entries(served.paths)) {
      for (const method of METHODS) {
        const operation = item[method];
        if (!operation) continue;
        const answers = Object.entries(operation.responses).filter(([status]) => /^20[01]$/.test(status));
        const bare = answers.filter(([, answer]) => answer !== undefined && !('content' in answer));
        expect({ path, method, summary: operation.summary, bare }).toEqual({
          ...{ path, method, bare: [] },
          summary: expect.any(String) as string,
        });
      }
      if (path.includes('{')) expect(Object.keys(item.get?.responses ?? { 404: {} })).toContain('404');
    }
  });
});

async function rewrite(document: OpenAPIObject): Promise<void> {
  const options = await resolveConfig(DOCUMENT);
  await writeFile(DOCUMENT, await format(JSON.stringify(document), { ...options, parser: 'json' }));
}
