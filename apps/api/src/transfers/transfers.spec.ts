import 'reflect-metadata';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Pairing, Page, Peer, RemoteEntry, Transfer, TransferFile } from '@ferry/protocol';
import { WholeNode } from './testing/whole-node';

const MIB = 1024 * 1024;

describe('transfers between two nodes', () => {
  let folder: string;
  let sender: WholeNode;
  let receiver: WholeNode;
  let senderId: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-two-'));
    sender = new WholeNode(join(folder, 'sender'));
    receiver = new WholeNode(join(folder, 'receiver'));
    await Promise.all([sender.start(), receiver.start()]);
    const { uri } = await sender.call<Pairing>('POST', '/pairings');
    const { peerId } = await receiver.call<Pairing>('POST', '/pairings/claim', { uri });
    senderId = peerId as string;
  });

  afterEach(async () => {
    await Promise.all([sender.stop(), receiver.stop()]);
    rmSync(folder, { recursive: true });
  });

  async function share(name: string, content: Buffer): Promise<RemoteEntry> {
    mkdirSync(join(sender.path('shared', name), '..'), { recursive: true });
    writeFileSync(sender.path('shared', name), content);
    const { items } = await receiver.until<Page<RemoteEntry>>(`/peers/${senderId}/files`, (page) =>
      page.items.some(({ path, state, size }) => path === name && state === 'ready' && size === content.length),
    );
    return items.find(({ path }) => path === name) as RemoteEntry;
  }

  function pull(...entries: RemoteEntry[]): Promise<Transfer> {
    return receiver.call<Transfer>('POST', '/transfers', { peerId: senderId, entryIds: entries.map(({ id }) => id) });
  }

  /** 64 MiB take longer than the answer to the POST and a PATCH. */
  async function pullPaused(entry: RemoteEntry): Promise<Transfer> {
    const { id } = await pull(entry);
    const paused = await receiver.call<Transfer>('PATCH', `/transfers/${id}`, { state: 'paused' });
    expect(paused.state).toBe('paused');
    return paused;
  }

  it('pulls files of every awkward size with their folders, as one transfer', async () => {
    const contents = [0, 1, 8192, MIB, MIB + 1, 5 * MIB + 8193].map((size) => randomBytes(size));
    const entries: RemoteEntry[] = [];
    for (const content of contents) entries.push(await share(`deep/${content.length}.bin`, content));
    const { id, name } = await pull(...entries);
    expect(name).toBe('0.bin and 5 more');

    const done = await receiver.transferIn(id, 'complete', 'failed');
    const total = contents.reduce((sum, { length }) => sum + length, 0);
    expect(done).toMatchObject({
      state: 'complete',
      files: { done: 6, total: 6 },
      doneBytes: total,
      verifiedBytes: total,
      resumedBytes: 0,
    });
    for (const content of contents)
      expect(readFileSync(receiver.path('received', 'deep', `${content.length}.bin`)).equals(content)).toBe(true);
    const files = await receiver.call<Page<TransferFile>>('GET', `/transfers/${id}/files`);
    expect(files.items.map(({ state }) => state)).toEqual(new Array(6).fill('complete'));
  });

  it('keeps both when the name is taken', async () => {
    const entry = await share('twice.bin', randomBytes(10));
    await receiver.transferIn((await pull(entry)).id, 'complete');
    const { id } = await pull(entry);
    await receiver.transferIn(id, 'complete');
    const files = await receiver.call<Page<TransferFile>>('GET', `/transfers/${id}/files`);
    expect(files.items[0]?.publishedPath).toBe('twice (2).bin');
  });

  it('waits for a peer that went away and completes when it is back', async () => {
    const content = randomBytes(64 * MIB);
    const { id } = await pullPaused(await share('later.bin', content));
    await sender.stop();
    await receiver.call('PATCH', `/transfers/${id}`, { state: 'running' });
    const waiting = await receiver.transferIn(id, 'waiting-for-peer', 'failed', 'complete');
    expect(waiting).toMatchObject({ state: 'waiting-for-peer', error: { code: 'peer-offline' } });
    await sender.start();
    const done = await receiver.transferIn(id, 'complete', 'failed');
    expect(done.error).toBeUndefined();
    expect(readFileSync(receiver.path('received', 'later.bin')).equals(content)).toBe(true);
  });

  it('stays paused over a restart and goes on when told to', async () => {
    const content = randomBytes(64 * MIB);
    const { id } = await pullPaused(await share('paused.bin', content));
    await receiver.stop();
    await receiver.start();
    expect((await receiver.call<Transfer>('GET', `/transfers/${id}`)).state).toBe('paused');
    await receiver.call('PATCH', `/transfers/${id}`, { state: 'running' });
    await receiver.transferIn(id, 'complete');
    expect(readFileSync(receiver.path('received', 'paused.bin')).equals(content)).toBe(true);
  });

  it('goes on by itself after its own restart, from the blocks it had', async () => {
    const content = randomBytes(64 * MIB);
    const entry = await share('restart.bin', content);
    const { id } = await pull(entry);
    await receiver.until<Transfer>(`/transfers/${id}`, ({ verifiedBytes }) => verifiedBytes > 0);
    await receiver.stop();
    await receiver.start();
    const done = await receiver.transferIn(id, 'complete', 'failed');
    expect(done.state).toBe('complete');
    expect(done.resumedBytes).toBeGreaterThan(0);
    expect(readFileSync(receiver.path('received', 'restart.bin')).equals(content)).toBe(true);
  });

  it('fails with the reason when the file is gone, and gets it on retry when it is back', async () => {
    const entry = await share('gone.bin', randomBytes(64 * MIB));
    const { id } = await pullPaused(entry);
    await sender.call('DELETE', `/files/${entry.id}`);
    await receiver.call('PATCH', `/transfers/${id}`, { state: 'running' });
    const failed = await receiver.transferIn(id, 'failed', 'complete');
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'file-not-found' } });
    await sender.call('POST', `/files/${entry.id}/restore`);
    await receiver.call('POST', `/transfers/${id}/retry`);
    expect((await receiver.transferIn(id, 'failed', 'complete')).state).toBe('complete');
  });

  it('pulls the other files when one is gone, says which, and gets it on retry', async () => {
    const entries = [
      await share('a.bin', randomBytes(64 * MIB)),
      await share('b.bin', randomBytes(9)),
      await share('c.bin', randomBytes(9)),
    ];
    const { id } = await pull(...entries);
    await receiver.call('PATCH', `/transfers/${id}`, { state: 'paused' });
    const [first] = entries as [RemoteEntry];
    await sender.call('DELETE', `/files/${first.id}`);
    await receiver.call('PATCH', `/transfers/${id}`, { state: 'running' });
    const failed = await receiver.transferIn(id, 'failed', 'complete');
    expect(failed).toMatchObject({
      files: { done: 2, total: 3 },
      error: {
        code: 'file-not-found',
        detail: '1 of 3 files failed. a.bin: The peer does not offer this file any more.',
      },
    });
    const files = await receiver.call<Page<TransferFile>>('GET', `/transfers/${id}/files`);
    expect(files.items.map(({ state }) => state)).toEqual(['failed', 'complete', 'complete']);
    await sender.call('POST', `/files/${first.id}/restore`);
    await receiver.call('POST', `/transfers/${id}/retry`);
    expect((await receiver.transferIn(id, 'failed', 'complete')).files).toEqual({ done: 3, total: 3 });
  });

  it('leaves out what may not be received, and refuses when that is all', async () => {
    const [good, bad] = [await share('good.txt', randomBytes(9)), await share('setup.exe', randomBytes(9))];
    await expect(pull(bad)).rejects.toMatchObject({
      problem: { code: 'extension-not-allowed', detail: expect.stringContaining('setup.exe') },
    });
    const failed = await receiver.transferIn((await pull(good, bad)).id, 'failed', 'complete');
    expect(failed).toMatchObject({
      state: 'failed',
      files: { done: 1, total: 2 },
      error: { code: 'extension-not-allowed' },
    });
  });

  it('lets other transfers pass those whose files are still being hashed', async () => {
    const ready = await share('ready.txt', randomBytes(9));
    const growing = ['1.log', '2.log', '3.log'];
    const grow = (): void => growing.forEach((name) => appendFileSync(sender.path('shared', name), 'line\n'));
    grow();
    const writer = setInterval(grow, 50);
    try {
      const page = await receiver.until<Page<RemoteEntry>>(
        `/peers/${senderId}/files?q=.log`,
        ({ total }) => total === 3,
      );
      const waiting = await Promise.all(page.items.map((entry) => pull(entry)));
      for (const { id } of waiting) await receiver.transferIn(id, 'hashing');
      expect((await receiver.transferIn((await pull(ready)).id, 'complete', 'failed')).state).toBe('complete');
      clearInterval(writer);
      for (const { id } of waiting)
        expect((await receiver.transferIn(id, 'complete', 'failed')).state).toBe('complete');
    } finally {
      clearInterval(writer);
    }
  });

  it('takes the file as it is now when it changed before it was pulled', async () => {
    const { id } = await pullPaused(await share('changed.bin', randomBytes(64 * MIB)));
    const content = randomBytes(MIB);
    await share('changed.bin', content);
    await receiver.call('PATCH', `/transfers/${id}`, { state: 'running' });
    const done = await receiver.transferIn(id, 'failed', 'complete');
    expect(done).toMatchObject({ state: 'complete', totalBytes: MIB, verifiedBytes: MIB });
    expect(readFileSync(receiver.path('received', 'changed.bin')).equals(content)).toBe(true);
  });

  it('fails a waiting transfer whose peer is removed', async () => {
    const entry = await share('orphan.bin', randomBytes(64 * MIB));
    const waiting = await pullPaused(entry);
    await sender.stop();
    await receiver.call('PATCH', `/transfers/${waiting.id}`, { state: 'running' });
    await receiver.transferIn(waiting.id, 'waiting-for-peer');
    await receiver.call('DELETE', `/peers/${senderId}`);
    const failed = await receiver.transferIn(waiting.id, 'failed');
    expect(failed.error).toMatchObject({ code: 'peer-not-found' });
  });

  it('fails a running transfer whose peer is removed', async () => {
    const { id } = await pull(await share('cut.bin', randomBytes(64 * MIB)));
    await receiver.call('DELETE', `/peers/${senderId}`);
    const failed = await receiver.transferIn(id, 'failed', 'complete');
    expect(failed.error).toMatchObject({ code: 'peer-not-found' });
  });

  it('cancels an unfinished transfer and leaves nothing of it', async () => {
    const entry = await share('cancel.bin', randomBytes(64 * MIB));
    const { id } = await pull(entry);
    await receiver.call('DELETE', `/transfers/${id}`);
    const { state } = await receiver.call<Transfer>('GET', `/transfers/${id}`);
    expect(state).toBe('cancelled');
    await expect(receiver.call('PATCH', `/transfers/${id}`, { state: 'running' })).rejects.toMatchObject({
      problem: { code: 'illegal-transition', status: 409 },
    });
    await receiver.call('DELETE', `/transfers/${id}`);
    await expect(receiver.call('GET', `/transfers/${id}`)).rejects.toMatchObject({
      problem: { code: 'transfer-not-found' },
    });
  });

  it('refuses at once what may not be received, and names it', async () => {
    const entry = await share('big.bin', randomBytes(2 * MIB));
    await receiver.stop();
    await receiver.start({ FERRY_MAX_FILE_SIZE: String(MIB) });
    await receiver.until<Peer>(`/peers/${senderId}`, ({ state }) => state === 'online');
    await expect(pull(entry)).rejects.toMatchObject({ problem: { code: 'file-too-large' } });
    expect((await receiver.call<Page<Transfer>>('GET', '/transfers')).total).toBe(0);
  });

  it('refuses an unknown peer and an unknown entry', async () => {
    await expect(receiver.call('POST', '/transfers', { peerId: 'NOBODY', entryIds: ['x'] })).rejects.toMatchObject({
      problem: { code: 'peer-not-found' },
    });
    await expect(receiver.call('POST', '/transfers', { peerId: senderId, entryIds: ['x'] })).rejects.toMatchObject({
      problem: { code: 'file-not-found' },
    });
  });
});
