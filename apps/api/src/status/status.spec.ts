import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeStatus } from '@ferry/protocol';
import { ask } from '../http/testing/http-client';
import { startNode, type RunningNode } from '../start-node';

describe('GET /status', () => {
  let folder: string;
  let node: RunningNode;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-status-'));
    await mkdir(join(folder, 'shared'));
    await writeFile(join(folder, 'shared', 'a.txt'), 'Hello');
    node = await startNode({
      FERRY_HTTP_PORT: '0',
      FERRY_WEB_PORT: '4321',
      FERRY_PEER_HOST: '127.0.0.1',
      FERRY_PEER_PORT: '0',
      FERRY_DISCOVERY: 'off',
      FERRY_LOG_LEVEL: 'silent',
      FERRY_DEVICE_NAME: 'Test device',
      FERRY_SHARED_DIR: join(folder, 'shared'),
      FERRY_RECEIVED_DIR: join(folder, 'received'),
      FERRY_DATA_DIR: join(folder, 'data'),
    });
    while ((await ask(node.ports.http, '/health/ready')).status !== 200) await new Promise(setImmediate);
  });
  afterAll(async () => {
    await node.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells who the node is, the ports really bound, limits, space and totals', async () => {
    const { status, text } = await ask(node.ports.http, '/api/v1/status');
    expect(status).toBe(200);
    const read = JSON.parse(text) as NodeStatus;
    expect(read).toMatchObject({
      device: { id: expect.stringMatching(/^[A-Z2-7]{56}$/), name: 'Test device' },
      ports: { http: node.ports.http, web: 4321, peer: node.ports.peer },
      addresses: [`127.0.0.1:${node.ports.peer}`],
      limits: { maxFileSize: 104_857_600 },
      storage: { sharedDir: join(folder, 'shared') },
      totals: { sharedFiles: 1, sharedBytes: 5, receivedFiles: 0, pairedPeers: 0, onlinePeers: 0, activeTransfers: 0 },
    });
    expect(read.storage.freeBytes).toBeGreaterThan(0);
    expect(read.storage.totalBytes).toBeGreaterThan(read.storage.freeBytes);
  });

  it('is part of the documentation of every path', async () => {
    const { text } = await ask(node.ports.http, '/api/openapi.json');
    const { paths } = JSON.parse(text) as { paths: Record<string, object> };
    for (const path of ['/api/v1/status', '/api/v1/files/{id}/content', '/api/v1/transfers', '/api/v1/peers']) {
      expect(Object.keys(paths)).toContain(path);
    }
  });
});
