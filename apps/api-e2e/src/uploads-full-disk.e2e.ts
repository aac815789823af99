import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listTree, MEBIBYTE, NodeGroup, type NodeProcess } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';
import { TusClient } from './support/tus-client';

const run = promisify(execFile);

/** Of which 64 MiB are the reserve. */
const DISK_MIB = 96;
const LOOK_MS = 750;

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
if (!canMount) console.warn('SKIPPED: uploads to a full disk, as mounting a small disk needs root on Linux');

(canMount ? describe : describe.skip)('an upload to a disk that gets full', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let tus: TusClient;
  let disk: string;

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'ferry-small-disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk]);
    await mkdir(join(disk, 'shared'));
    node = await group.start('node', { env: { FERRY_SHARED_DIR: join(disk, 'shared') } });
    tus = new TusClient(node);
  });
  afterAll(async () => {
    await group.dispose();
    await run('umount', [disk]);
    await rm(disk, { recursive: true });
  });

  const staged = () => readdir(join(disk, 'shared', '.ferry-staging'));
  const MANY = 48 * MEBIBYTE; // more than there is, less than the disk has
  const zeros = (bytes: number) => new Uint8Array(bytes);

  /** Gives the disk another size, and lets the node look again: it does so twice a second at most. */
  async function resize(mebibytes: number): Promise<void> {
    await run('mount', ['-o', `remount,size=${mebibytes}m`, disk]);
    await delay(LOOK_MS);
  }

  it('that says its size is refused before it begins, with what is missing', async () => {
    const answer = await tus.create(MANY, { filename: 'big.bin' });
    expectProblem(answer, 507, 'insufficient-storage');
    expect(answer.body.missingBytes).toBeGreaterThan(10 * MEBIBYTE);
    expect(await staged()).toEqual([]);
  });

  it('by tus is stopped with 507, told where it is, and goes on when there is room', async () => {
    const path = await tus.begin(undefined, { filename: 'piecemeal.bin' });
    expectProblem(await tus.patch(path, 0, zeros(MANY)), 507, 'insufficient-storage');
    const offset = await tus.offset(path);
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThanOrEqual((DISK_MIB - 64) * MEBIBYTE);
    await resize(2 * DISK_MIB);
    const last = await tus.patch(path, offset, zeros(MANY - offset), { 'Upload-Length': String(MANY) });
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, String(MANY)]);
    await rm(join(disk, 'shared', 'piecemeal.bin'));
    await resize(DISK_MIB);
  });

  it('that is called off gives its room back', async () => {
    const path = await tus.begin(undefined, { filename: 'called off.bin' });
    expect((await tus.patch(path, 0, zeros(MANY))).status).toBe(507);
    expect((await tus.remove(path)).status).toBe(204);
    expect(await staged()).toEqual([]);
  });

  it.each([
    ['of a known size', false],
    ['of an unknown size', true],
  ])('by form %s is refused, and nothing of it is left', async (_of, isChunked) => {
    const before = await listTree(join(disk, 'shared'));
    const form = new FormData();
    form.append('file', new Blob([zeros(MANY)]), 'form.bin');
    const request = new Request(`${node.api.origin}/api/v1/files`, { method: 'POST', body: form });
    const type = request.headers.get('content-type') ?? '';
    const init = isChunked ? { body: request.body, duplex: 'half' } : { body: await request.arrayBuffer() };
    const answer = await node.api.fetch<never>('/api/v1/files', {
      method: 'POST',
      headers: { 'Content-Type': type },
      ...init,
    } as RequestInit);
    expectProblem(answer, 507, 'insufficient-storage');
    expect(await listTree(join(disk, 'shared'))).toEqual(before);
  });
});
