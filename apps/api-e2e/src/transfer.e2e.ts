import { stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  listVisible,
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  pair,
  sha256sum,
  untilEntry,
  untilState,
  writeRandomFile,
} from '@ferry/test-nodes';

const BIG_BYTES = 300 * MEBIBYTE;
const OLD = new Date('2021-03-04T05:06:07.000Z');

describe('a transfer between two nodes', () => {
  const group = new NodeGroup();
  let sender: NodeProcess;
  let receiver: NodeProcess;
  let senderId: string;

  beforeAll(async () => {
    [sender, receiver] = await Promise.all([group.create('sender'), group.create('receiver')]);
    await writeRandomFile(join(sender.folders.shared, 'films/big film.bin'), BIG_BYTES);
    await writeFile(join(sender.folders.shared, 'empty.txt'), '');
    await writeFile(join(sender.folders.shared, 'one byte ü.txt'), 'x');
    for (const name of ['films/big film.bin', 'empty.txt', 'one byte ü.txt']) {
      await utimes(join(sender.folders.shared, name), OLD, OLD);
    }
    await Promise.all([sender.start(), receiver.start()]); // at the same moment
    senderId = (await pair(sender, receiver)).inviterId;
  });
  afterAll(() => group.dispose());

  it('pairs both sides by one invitation', async () => {
    const { device } = await sender.api.status();
    expect(senderId).toBe(device.id);
    const [atReceiver, atSender] = await Promise.all([receiver.api.peers(), sender.api.peers()]);
    expect(atReceiver.items).toEqual([
      expect.objectContaining({ id: senderId, name: 'sender', paired: true, state: 'online', protocol: 'ferry/1' }),
    ]);
    expect(atSender.items).toEqual([
      expect.objectContaining({ name: 'receiver', paired: true, state: 'online', protocol: 'ferry/1' }),
    ]);
    expect(await receiver.api.testPeer(senderId)).toMatchObject({
      reachable: true,
      latencyMs: expect.any(Number) as number,
    });
  });

  it('pulls 300 MiB, an empty file and one byte in one transfer, equal by sha256sum', async () => {
    await untilEntry(sender.api, 'films/big film.bin');
    const { items } = await receiver.api.remoteFiles(senderId);
    const files = items.filter((entry) => entry.kind === 'file');
    expect(files.map((entry) => [entry.path, entry.size]).sort()).toEqual([
      ['empty.txt', 0],
      ['films/big film.bin', BIG_BYTES],
      ['one byte ü.txt', 1],
    ]);

    const begun = await receiver.api.pull(
      senderId,
      files.map((entry) => entry.id),
    );
    expect(begun).toMatchObject({
      direction: 'in',
      peerIds: [senderId],
      totalBytes: BIG_BYTES + 1,
      files: { done: 0, total: 3 },
    });
    const done = await untilState(receiver.api, begun.id, 'complete');
    expect(done).toMatchObject({
      files: { done: 3, total: 3 },
      doneBytes: BIG_BYTES + 1,
      verifiedBytes: BIG_BYTES + 1,
    });

    const names = files.map((entry) => entry.path).sort();
    expect(await listVisible(receiver.folders.received)).toEqual(names);
    for (const name of names) {
      const [sent, got] = [join(sender.folders.shared, name), join(receiver.folders.received, name)];
      expect(await sha256sum(got)).toBe(await sha256sum(sent));
      expect((await stat(got)).mtimeMs).toBe(OLD.getTime());
    }
  });

  it('lists what was received, with the content address of the sender', async () => {
    const { items } = await receiver.api.files('received');
    const remote = await receiver.api.remoteFiles(senderId);
    const key = ({ path, size, fileId, modifiedAt }: (typeof items)[number]) => [path, size, fileId, modifiedAt];
    const filesOf = (entries: typeof items) =>
      entries
        .filter((entry) => entry.kind === 'file')
        .map(key)
        .sort();
    expect(filesOf(items)).toEqual(filesOf(remote.items));
  });

  it('keeps both when the same file is pulled again', async () => {
    const { items } = await receiver.api.remoteFiles(senderId, 'q=one');
    const again = await receiver.api.pull(
      senderId,
      items.map((entry) => entry.id),
    );
    await untilState(receiver.api, again.id, 'complete');
    expect(await listVisible(receiver.folders.received)).toContain('one byte ü (2).txt');
  });

  it('shows the history, newest first, and forgets a finished transfer', async () => {
    const { items, total } = await receiver.api.get<{ items: { id: string }[]; total: number }>('/transfers');
    expect(total).toBe(2);
    const [newest] = items;
    await receiver.api.removeTransfer(newest?.id ?? '');
    expect(await receiver.api.call('GET', `/transfers/${newest?.id}`)).toMatchObject({ status: 404 });
    expect(await listVisible(receiver.folders.received)).toHaveLength(4);
  });
});
