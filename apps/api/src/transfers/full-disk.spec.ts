import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { FileEntry, Page, Pairing, Problem, RemoteEntry, Transfer } from '@ferry/protocol';
import { WholeNode } from './testing/whole-node';

const MIB = 1024 * 1024;
const DISK_MIB = 160;

describe('a receiver whose disk is full', () => {
  let folder: string;
  let sender: WholeNode;
  let receiver: WholeNode;
  let senderId: string;
  let isMounted: boolean;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-small-'));
    isMounted = mountSmall(join(folder, 'receiver'));
    if (!isMounted) return;
    sender = new WholeNode(join(folder, 'sender'));
    receiver = new WholeNode(join(folder, 'receiver'));
    await Promise.all([sender.start(), receiver.start()]);
    const { uri } = await sender.call<Pairing>('POST', '/pairings');
    senderId = (await receiver.call<Pairing>('POST', '/pairings/claim', { uri })).peerId as string;
  });

  afterAll(async () => {
    await Promise.all([sender?.stop(), receiver?.stop()]);
    if (isMounted) execFileSync('umount', ['-l', join(folder, 'receiver')]);
    rmSync(folder, { recursive: true });
  });

  afterEach(empty);

  function mountSmall(at: string): boolean {
    mkdirSync(at);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', at], { stdio: 'pipe' });
      return true;
    } catch (error) {
      console.warn(
        `skipped, as no file system can be mounted here: transfers and uploads on a full disk (${String(error)})`,
      );
      return false;
    }
  }

  const onSmallDisk = (name: string, test: () => Promise<void>) =>
    it(name, async () => (isMounted ? test() : undefined), 60_000);

  function fill(leave: number): void {
    const { bavail, bsize } = statfsSync(receiver.path());
    execFileSync('fallocate', ['-l', String(bavail * bsize - leave), receiver.path('filler')]);
  }

  function empty(): void {
    rmSync(receiver?.path('filler') ?? '', { force: true });
  }

  async function pull(name: string, bytes: number): Promise<Transfer> {
    writeFileSync(sender.path('shared', name), randomBytes(bytes));
    const { items } = await receiver.until<Page<RemoteEntry>>(`/peers/${senderId}/files`, (page) =>
      page.items.some(({ path, state }) => path === name && state === 'ready'),
    );
    const entryIds = items.filter(({ path }) => path === name).map(({ id }) => id);
    return receiver.call<Transfer>('POST', '/transfers', { peerId: senderId, entryIds });
  }

  /** Missing bytes near `mib`: the database and folders take some room, too. */
  const missing = (id: string, mib: number) =>
    receiver.until<Transfer>(
      `/transfers/${id}`,
      ({ state, error }) =>
        state === 'paused' &&
        error?.code === 'insufficient-storage' &&
        Math.abs((error.missingBytes ?? 0) - mib * MIB) < MIB,
    );

  onSmallDisk('pauses with the missing bytes, and goes on when the trash is emptied', async () => {
    await receiver.transferIn((await pull('first.bin', 30 * MIB)).id, 'complete');
    const { items } = await receiver.call<Page<FileEntry>>('GET', '/files?scope=received');
    await receiver.call('DELETE', `/files/${items[0]?.id}`);
    fill(64 * MIB + 10 * MIB);
    const { id } = await pull('second.bin', 20 * MIB);
    const paused = await missing(id, 10);
    expect(paused.error?.detail).toContain('must become free');
    await receiver.call('DELETE', '/trash');
    expect((await receiver.transferIn(id, 'complete', 'failed')).state).toBe('complete');
  });

  onSmallDisk('does not go on by itself once the user has paused it, and tries at once when told to', async () => {
    fill(64 * MIB);
    const [first, second] = [await pull('a.bin', 3 * MIB), await pull('b.bin', 5 * MIB)];
    await missing(first.id, 3);
    await missing(second.id, 5);
    const paused = await receiver.call<Transfer>('PATCH', `/transfers/${first.id}`, { state: 'paused' });
    expect(paused).toMatchObject({ state: 'paused' });
    expect(paused.error).toBeUndefined();
    await receiver.call('PATCH', `/transfers/${second.id}`, { state: 'running' });
    await missing(second.id, 5);

    empty();
    await receiver.transferIn(second.id, 'complete');
    expect((await receiver.call<Transfer>('GET', `/transfers/${first.id}`)).state).toBe('paused');
    await receiver.call('PATCH', `/transfers/${first.id}`, { state: 'running' });
    await receiver.transferIn(first.id, 'complete');
  });

  onSmallDisk('waits over a restart, and can be cancelled', async () => {
    fill(64 * MIB);
    const [first, second] = [await pull('c.bin', 4 * MIB), await pull('d.bin', 4 * MIB)];
    await missing(first.id, 4);
    await receiver.stop();
    await receiver.start();
    expect((await receiver.call<Transfer>('GET', `/transfers/${first.id}`)).error?.missingBytes).toBeGreaterThan(0);
    await receiver.call('DELETE', `/transfers/${second.id}`);
    empty();
    await receiver.transferIn(first.id, 'complete');
    const cancelled = await receiver.call<Transfer>('GET', `/transfers/${second.id}`);
    expect(cancelled.state).toBe('cancelled');
    expect(cancelled.error).toBeUndefined();
  });

  onSmallDisk('refuses an upload with the missing bytes and leaves nothing of it', async () => {
    fill(64 * MIB + MIB);
    const form = new FormData();
    form.append('file', new Blob([Buffer.alloc(4 * MIB)]), 'big.bin');
    const response = await receiver.upload(form);
    expect(response.status).toBe(507);
    const problem = (await response.json()) as Problem;
    expect(problem.code).toBe('insufficient-storage');
    expect(problem.missingBytes).toBeGreaterThan(0);
    expect(readdirSync(receiver.path('shared', '.ferry-staging'))).toEqual([]);
  });
});
