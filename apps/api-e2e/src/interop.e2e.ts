import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { formatInvitation, parseInvitation, type Transfer } from '@ferry/protocol';
import {
  listTree,
  listVisible,
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  sha256sum,
  throughAddress,
  untilEntry,
  untilState,
  untilTransfer,
  writeRandomFile,
} from '@ferry/test-nodes';
import { PythonClient, PythonProcess, requirePython } from './support/python-client';
import { createIdentity } from './support/test-identity';
import { untilPeer } from './support/until-peer';

const SIZES = [0, 1, 8191, 8192, 8193, MEBIBYTE, MEBIBYTE + 1, 20 * MEBIBYTE];
const nameOf = (size: number) => `sample of ${size}.bin`;

describe('the Python client, written from PROTOCOL.md alone', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let python: PythonClient;
  let pythonId: string;
  let nodeId: string;

  const inState = (...path: string[]) => join(node.folders.root, ...path);
  const invitation = async () => (await node.api.invite()).uri ?? '';

  beforeAll(async () => {
    requirePython();
    node = await group.create('node');
    for (const size of SIZES) await writeRandomFile(join(node.folders.shared, nameOf(size)), size);
    await node.start();
    nodeId = (await node.api.status()).device.id;
    python = new PythonClient(inState('python'));
    pythonId = (await python.lines('identity'))[0] ?? '';
    await python.lines('pair', await invitation());
    await untilEntry(node.api, nameOf(20 * MEBIBYTE));
  });
  afterAll(() => group.dispose());

  afterEach(async () => {
    expect((await node.api.fetch('/health/ready')).status).toBe(200);
  });

  it('agrees with the test vectors', async () => {
    const run = await PythonProcess.spawn('selftest.py', []).ended();
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const counts = Object.values(JSON.parse(run.stdout) as Record<string, number>);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('pairs by invitation, so that both sides know each other', async () => {
    const peers = (await node.api.peers()).items.filter((peer) => peer.paired);
    expect(peers).toEqual([expect.objectContaining({ id: pythonId, name: 'Python client', protocol: 'ferry/1' })]);
    const known = JSON.parse(await readFile(inState('python', 'peer.json'), 'utf8')) as object;
    expect(known).toEqual({ deviceId: nodeId, name: 'node', addresses: [node.peerAddress] });
  });

  it('pairs with a P-256 key as well', async () => {
    const other = new PythonClient(inState('python-p256'), 'p256');
    await other.lines('pair', await invitation());
    expect((await other.lines('list')).length).toBe(SIZES.length);
  });

  it('lists all pages, and searches', async () => {
    const listed = async (...args: string[]) =>
      (await python.lines('list', ...args)).map((line) => (JSON.parse(line) as { name: string }).name);
    const names = SIZES.map(nameOf).sort();
    expect((await listed('--limit', '3')).sort()).toEqual(names);
    expect((await listed('--search', 'SAMPLE OF 819')).sort()).toEqual(names.filter((name) => name.includes('819')));
  });

  it('pulls and verifies files around every boundary', async () => {
    const { items } = await node.api.files('shared');
    const into = inState('pulled');
    await mkdir(into);
    const args = ['pull', ...items.map((entry) => entry.id), '--into', into];
    expect((await python.lines(...args, '--hashes', '7')).length).toBe(SIZES.length);
    for (const size of SIZES) {
      expect(await sha256sum(join(into, nameOf(size)))).toBe(await sha256sum(join(node.folders.shared, nameOf(size))));
    }
    expect(await listTree(into)).toEqual(SIZES.map(nameOf).sort()); // no temporary file is left
    expect(await python.run(...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(/exists/) as string });
  });

  describe('as the one who serves, over the session that it dialled', () => {
    let server: PythonProcess;

    async function serve(size: number, ...args: string[]): Promise<string> {
      await untilPeer(node.api, pythonId, ({ state }) => state !== 'online'); // of the session before
      const path = inState(`offer ${size} ${randomBytes(3).toString('hex')}.bin`);
      await writeRandomFile(path, size);
      server = python.start('serve', path, ...args);
      await server.prints('serving');
      await untilPeer(node.api, pythonId, ({ state }) => state === 'online');
      return path;
    }

    async function pull(): Promise<Transfer> {
      const { items } = await node.api.remoteFiles(pythonId);
      const ids = items.map((entry) => entry.id);
      return node.api.pull(pythonId, ids);
    }

    afterEach(async () => {
      const { stderr } = await server.stop();
      expect(stderr).toBe('');
    });

    it.each([0, 8193, 5 * MEBIBYTE])('serves a file of %i bytes', async (size) => {
      const path = await serve(size);
      expect(await untilState(node.api, (await pull()).id, 'complete')).toMatchObject({ verifiedBytes: size });
      const received = join(node.folders.received, path.slice(node.folders.root.length));
      expect(await sha256sum(received)).toBe(await sha256sum(path));
    });

    it('is found out when it lies about one block', async () => {
      await serve(5 * MEBIBYTE, '--corrupt', '2');
      const before = await listVisible(node.folders.received);
      const failed = await untilState(node.api, (await pull()).id, 'failed');
      expect(failed.error).toMatchObject({ code: 'hash-mismatch' });
      expect(await listVisible(node.folders.received)).toEqual(before);
    });

    it('answers lists during a transfer, and goes on when that is cancelled', async () => {
      await serve(96 * MEBIBYTE);
      const { id } = await pull();
      await untilTransfer(node.api, id, ({ doneBytes }) => doneBytes > 0);
      expect((await node.api.remoteFiles(pythonId, 'q=offer')).total).toBe(1);
      await node.api.removeTransfer(id);
      expect((await node.api.remoteFiles(pythonId, 'q=nothing')).total).toBe(0);
      expect(await node.api.testPeer(pythonId)).toMatchObject({ reachable: true });
    });
  });

  it('is refused with a wrong secret', async () => {
    const thief = new PythonClient(inState('thief'));
    const uri = await invitation();
    const forged = formatInvitation({ ...parseInvitation(uri), secret: randomBytes(32).toString('base64url') });
    expect(await thief.run('pair', forged)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('PAIRING_REJECTED (13)') as string,
    });
    const [thiefId] = await thief.lines('identity');
    expect((await node.api.peers()).items.filter((peer) => peer.paired && peer.id === thiefId)).toEqual([]);
  });

  it('sends no byte to another device than the invited one', async () => {
    const { keyPem: key, certificatePem: cert } = await createIdentity();
    const tls = { key, cert, minVersion: 'TLSv1.3', ALPNProtocols: ['ferry/1'], requestCert: true } as const;
    const impostor = createServer({ ...tls, rejectUnauthorized: false }).listen(0, '127.0.0.1');
    await once(impostor, 'listening');
    const heard = new Promise<string>((resolve) => {
      impostor.once('secureConnection', (socket: TLSSocket) => {
        let text = '';
        socket.on('data', (bytes: Buffer) => (text += bytes.toString('hex')));
        socket.once('error', () => undefined);
        socket.once('close', () => resolve(text));
      });
    });
    try {
      const uri = throughAddress(await invitation(), `127.0.0.1:${(impostor.address() as AddressInfo).port}`);
      const run = await new PythonClient(inState('careful')).run('pair', uri);
      expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('another device') as string });
      expect(await heard).toBe('');
    } finally {
      impostor.close();
    }
  });

  it('says what a broken invitation lacks, and dials nobody', async () => {
    expect(await python.run('pair', 'ferry://pair?id=ABC')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('invitation') as string,
    });
  });
});
