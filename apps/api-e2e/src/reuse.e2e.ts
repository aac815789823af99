import { copyFile, mkdir, open, utimes } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Transfer } from '@ferry/protocol';
import {
  MEBIBYTE,
  NodeGroup,
  pair,
  type ProxiedNode,
  sha256sum,
  untilEntry,
  untilState,
  untilTransfer,
  writeRandomFile,
} from '@ferry/test-nodes';

const FILE_BYTES = 64 * MEBIBYTE;
const SLOW = 8 * MEBIBYTE;
/** Manifests, answers and events of both nodes; TLS. */
const OVERHEAD = MEBIBYTE / 4;
/** Written and perhaps not committed when a node is killed. */
const UNSYNCED = 24 * MEBIBYTE;

describe('bytes that are on the disk already', () => {
  const group = new NodeGroup();
  let sender: ProxiedNode;
  let receiver: ProxiedNode;
  let senderId: string;

  /** Bytes from sender to receiver, whoever dialled. */
  const onTheWire = () => sender.proxy.toClient + receiver.proxy.toTarget;
  const limitSpeed = (bytesPerSecond: number) => {
    for (const { proxy } of [sender, receiver]) proxy.bytesPerSecond = bytesPerSecond;
  };
  const sent = (path: string) => join(sender.node.folders.shared, path);

  beforeAll(async () => {
    [sender, receiver] = await Promise.all([group.startBehindProxy('sender'), group.startBehindProxy('receiver')]);
    senderId = (await pair(sender.node, receiver.node, sender.proxy.address)).inviterId;
  });
  afterAll(() => group.dispose());

  async function begin(path: string): Promise<string> {
    const { id } = await untilEntry(sender.node.api, path);
    return (await receiver.node.api.pull(senderId, [id])).id;
  }

  /** Pulls a file and compares it. @returns what it cost on the wire. */
  async function pull(path: string): Promise<{ transfer: Transfer; cost: number }> {
    const before = onTheWire();
    const id = await begin(path);
    const transfer = await untilState(receiver.node.api, id, 'complete');
    const cost = onTheWire() - before;
    await expectEqual(transfer.id, path);
    return { transfer, cost };
  }

  async function expectEqual(id: string, path: string): Promise<void> {
    const { items } = await receiver.node.api.transferFiles(id);
    const got = join(receiver.node.folders.received, items[0]?.publishedPath ?? '');
    expect(await sha256sum(got)).toBe(await sha256sum(sent(path)));
  }

  /** The receiver has this file of the sender in its own share. */
  async function shareAtReceiver(path: string, name: string): Promise<void> {
    const target = join(receiver.node.folders.shared, name);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(sent(path), target);
    await untilEntry(receiver.node.api, name);
  }

  it('a file of which 1 MiB has changed costs about 1 MiB, and its figures survive a restart', async () => {
    await writeRandomFile(sent('image.bin'), FILE_BYTES);
    expect((await pull('image.bin')).cost).toBeGreaterThan(FILE_BYTES);
    const before = await untilEntry(sender.node.api, 'image.bin');
    const file = await open(sent('image.bin'), 'r+');
    await file.write(randomBytes(MEBIBYTE), 0, MEBIBYTE, 20 * MEBIBYTE);
    await file.close();
    await untilEntry(
      sender.node.api,
      'image.bin',
      ({ state, fileId }) => state === 'ready' && fileId !== before.fileId,
    );

    const { transfer, cost } = await pull('image.bin');
    expect(cost).toBeGreaterThan(MEBIBYTE);
    expect(cost).toBeLessThan(MEBIBYTE + OVERHEAD);
    const figures = { doneBytes: FILE_BYTES, verifiedBytes: FILE_BYTES, reusedBytes: FILE_BYTES - MEBIBYTE };
    expect(transfer).toMatchObject({ ...figures, resumedBytes: 0 });

    await receiver.node.stop();
    await receiver.node.start();
    expect(await receiver.node.api.transfer(transfer.id)).toMatchObject(figures);
    const { items } = await receiver.node.api.transferFiles(transfer.id);
    expect(items).toMatchObject([{ reusedBytes: FILE_BYTES - MEBIBYTE, doneBytes: FILE_BYTES }]);
  });

  it('a file that the share holds under another name costs nothing', async () => {
    await writeRandomFile(sent('holidays/film.bin'), FILE_BYTES + 5);
    await shareAtReceiver('holidays/film.bin', 'copies/an old name.dat');
    const { transfer, cost } = await pull('holidays/film.bin');
    expect(cost).toBeLessThan(OVERHEAD);
    expect(transfer).toMatchObject({ reusedBytes: FILE_BYTES + 5, doneBytes: FILE_BYTES + 5 });
  });

  it('blocks that repeat in a file come once', async () => {
    const file = await open(sent('sparse.bin'), 'w');
    await file.truncate(FILE_BYTES); // all zeros
    await file.write(randomBytes(MEBIBYTE), 0, MEBIBYTE, 7 * MEBIBYTE);
    await file.close();
    await utimes(sent('sparse.bin'), new Date(), new Date(Date.now() - 60_000));
    const { transfer, cost } = await pull('sparse.bin');
    expect(cost).toBeLessThan(2 * MEBIBYTE + OVERHEAD);
    expect(transfer).toMatchObject({ doneBytes: FILE_BYTES, reusedBytes: FILE_BYTES - 2 * MEBIBYTE });
  });

  it('what was reused is neither asked for nor counted twice after the receiver was killed', async () => {
    await writeRandomFile(sent('known half.bin'), FILE_BYTES / 2);
    await shareAtReceiver('known half.bin', 'half.bin');
    await copyFile(sent('known half.bin'), sent('whole.bin'));
    const whole = await open(sent('whole.bin'), 'r+');
    for (let at = FILE_BYTES / 2; at < FILE_BYTES; at += MEBIBYTE)
      await whole.write(randomBytes(MEBIBYTE), 0, MEBIBYTE, at);
    await whole.close();

    const before = onTheWire();
    limitSpeed(SLOW);
    const id = await begin('whole.bin');
    await untilTransfer(receiver.node.api, id, ({ verifiedBytes }) => verifiedBytes >= (FILE_BYTES * 5) / 8);
    await receiver.node.kill();
    limitSpeed(Infinity);
    await receiver.node.start();
    const done = await untilState(receiver.node.api, id, 'complete');
    await expectEqual(id, 'whole.bin');
    expect(onTheWire() - before).toBeLessThan(FILE_BYTES / 2 + UNSYNCED + OVERHEAD);
    expect(done).toMatchObject({ doneBytes: FILE_BYTES, reusedBytes: FILE_BYTES / 2 });
    expect(done.reusedBytes + done.resumedBytes).toBeLessThan(FILE_BYTES);
  });
});
