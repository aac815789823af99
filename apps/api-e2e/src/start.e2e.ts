import { once } from 'node:events';
import { createServer } from 'node:net';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listTree, NODE_SCRIPT, NodeGroup, NodeProcess, Program, WEB_SERVER_SCRIPT } from '@ferry/test-nodes';

/** Starts a program that must not come up; returns its last words. */
async function failedStart(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const program = Program.spawn('refused', script, env);
  expect(await program.end()).toEqual({ code: 1, signal: null });
  const { stdout, stderr } = program.output;
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at /); // no stack trace
  return stderr.trim();
}

/** Holds a port open for the time of `work`. */
async function withBusyPort(port: number, work: () => Promise<void>): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work();
  } finally {
    server.close();
  }
}

describe('starting and stopping a node', () => {
  const group = new NodeGroup();
  afterAll(() => group.dispose());

  it('refuses an HTTP address that others could reach, as long as there is no login', async () => {
    const node = await group.create('open');
    const words = await failedStart(NODE_SCRIPT, { ...node.env, FERRY_HTTP_HOST: '0.0.0.0' });
    expect(words).toMatch(/FERRY_HTTP_HOST/);
    await failedStart(WEB_SERVER_SCRIPT, { ...node.env, FERRY_HTTP_HOST: '0.0.0.0' });
  });

  it('names every bad setting at once', async () => {
    const node = await group.create('bad');
    const bad = { FERRY_HTTP_PORT: 'abc', FERRY_MAX_FILE_SIZE: '-1', FERRY_DISCOVERY: 'perhaps' };
    const words = await failedStart(NODE_SCRIPT, { ...node.env, ...bad });
    for (const name of Object.keys(bad)) expect(words).toContain(name);
  });

  it.each([
    ['FERRY_HTTP_PORT', 'http', NODE_SCRIPT],
    ['FERRY_PEER_PORT', 'peer', NODE_SCRIPT],
    ['FERRY_WEB_PORT', 'web', WEB_SERVER_SCRIPT],
  ] as const)('says in one line that the port of %s is busy', async (setting, which, script) => {
    const node = await group.create('busy');
    await withBusyPort(node.ports[which], async () => {
      const words = await failedStart(script, node.env);
      expect(words.split('\n')).toHaveLength(1);
      expect(words).toContain(String(node.ports[which]));
      expect(words).toContain(setting);
    });
  });

  it('refuses a second node on the same data folder; the first goes on', async () => {
    const first = await group.start('first');
    const second = await group.create('second');
    const words = await failedStart(NODE_SCRIPT, { ...second.env, FERRY_DATA_DIR: first.folders.data });
    expect(words.split('\n')).toHaveLength(1);
    expect(words).toContain('FERRY_DATA_DIR');
    expect((await first.api.fetch('/health/ready')).status).toBe(200);
  });

  it('starts again after kill -9 as the same device, its key readable by the owner alone', async () => {
    const node = await group.start('killed');
    const { device } = await node.api.status();
    await node.kill();
    await node.start();
    expect((await node.api.status()).device).toEqual(device);
    const files = (await listTree(node.folders.data)).filter((path) => /key/i.test(path));
    expect(files).not.toEqual([]);
    for (const file of files) expect((await stat(join(node.folders.data, file))).mode & 0o077).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends in good order on %s', async (signal) => {
    const node = await group.start('polite');
    await fetch(`${node.api.origin}/api/v1/events`); // an open stream must not hold it up
    const began = Date.now();
    expect(await node.stop(signal)).toEqual({ code: 0, signal: null });
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('ends when its supervisor is gone, even without a word', async () => {
    const node = await group.create('orphan');
    const program = Program.spawn('orphan', NODE_SCRIPT, node.env);
    await program.listening();
    expect(await program.abandon()).toEqual({ code: 0, signal: null });
  });

  it('comes up beside another one at the same moment, each its own device', async () => {
    const nodes = await Promise.all([NodeProcess.create('left'), NodeProcess.create('right')]);
    for (const node of nodes) group.defer(() => node.dispose());
    await Promise.all(nodes.map((node) => node.start()));
    const ids = await Promise.all(nodes.map(async (node) => (await node.api.status()).device.id));
    expect(new Set(ids).size).toBe(2);
  });
});
