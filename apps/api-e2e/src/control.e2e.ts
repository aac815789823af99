import { join } from 'node:path';
import {
  listTree,
  listVisible,
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
import { expectProblem } from './support/expect-problem';

const FILE_BYTES = 48 * MEBIBYTE;
const SLOW = 16 * MEBIBYTE;
const VERY_SLOW = MEBIBYTE / 2;

describe('a running transfer', () => {
  const group = new NodeGroup();
  let sender: ProxiedNode;
  let receiver: ProxiedNode;
  let senderId: string;
  let entryId: string;
  /** Nothing of it is on the receiver's disk after the first file was received. */
  let otherId: string;

  const onTheWire = () => sender.proxy.toClient + receiver.proxy.toTarget;
  const limitSpeed = (bytesPerSecond: number) => {
    for (const { proxy } of [sender, receiver]) proxy.bytesPerSecond = bytesPerSecond;
  };

  beforeAll(async () => {
    [sender, receiver] = await Promise.all([group.startBehindProxy('sender'), group.startBehindProxy('receiver')]);
    await writeRandomFile(join(sender.node.folders.shared, 'film.bin'), FILE_BYTES);
    await writeRandomFile(join(sender.node.folders.shared, 'other.bin'), FILE_BYTES);
    entryId = (await untilEntry(sender.node.api, 'film.bin')).id;
    otherId = (await untilEntry(sender.node.api, 'other.bin')).id;
    senderId = (await pair(sender.node, receiver.node, sender.proxy.address)).inviterId;
  });
  afterAll(() => group.dispose());

  async function beginAndReachThird(): Promise<string> {
    limitSpeed(SLOW);
    const { id } = await receiver.node.api.pull(senderId, [entryId]);
    await untilTransfer(receiver.node.api, id, (transfer) => transfer.verifiedBytes >= FILE_BYTES / 3);
    return id;
  }

  it('is cancelled: nothing is left on the disk, and it stays readable', async () => {
    const { api, folders } = receiver.node;
    const id = await beginAndReachThird();
    await api.removeTransfer(id);
    expect((await api.transfer(id)).state).toBe('cancelled');
    expect((await listTree(folders.received)).filter((path) => !path.endsWith('/'))).toEqual([]);
    expectProblem(await api.call('PATCH', `/transfers/${id}`, { state: 'paused' }), 409, 'illegal-transition');
    expectProblem(await api.call('PATCH', `/transfers/${id}`, { state: 'running' }), 409, 'illegal-transition');
  });

  it('is paused: bytes stop, survives a stop of the node, and goes on where it was', async () => {
    const { api, folders } = receiver.node;
    const before = onTheWire();
    const id = await beginAndReachThird();
    expect((await api.pause(id)).state).toBe('paused');
    const paused = await api.transfer(id);
    expect(paused.bytesPerSecond).toBe(0);
    expect(await listVisible(folders.received)).toEqual([]);

    expect(await receiver.node.stop()).toEqual({ code: 0, signal: null });
    await receiver.node.start();
    expect(await api.transfer(id)).toMatchObject({ state: 'paused', verifiedBytes: paused.verifiedBytes });

    limitSpeed(Infinity);
    await api.resume(id);
    const done = await untilState(api, id, 'complete');
    expect(done.resumedBytes).toBeGreaterThanOrEqual(FILE_BYTES / 3);
    expect(onTheWire() - before).toBeLessThanOrEqual(FILE_BYTES + 16 * MEBIBYTE + FILE_BYTES / 100);
    const [sent, got] = [sender.node.folders.shared, folders.received].map((folder) => join(folder, 'film.bin'));
    expect(await sha256sum(got ?? '')).toBe(await sha256sum(sent ?? ''));
  });

  it('leaves room for other questions on a slow link', async () => {
    const { api } = receiver.node;
    limitSpeed(VERY_SLOW);
    const { id } = await api.pull(senderId, [otherId]);
    const { verifiedBytes } = await api.transfer(id);
    await untilTransfer(api, id, (transfer) => transfer.verifiedBytes >= verifiedBytes + 5 * MEBIBYTE);
    const list = await api.call('GET', `/peers/${senderId}/files`);
    expect(list.status).toBe(200);
    await api.removeTransfer(id);
    limitSpeed(Infinity);
  });

  it('cannot be paused when it is complete', async () => {
    const { items } = await receiver.node.api.get<{ items: { id: string }[] }>('/transfers?state=complete');
    expectProblem(
      await receiver.node.api.call('PATCH', `/transfers/${items[0]?.id}`, { state: 'paused' }),
      409,
      'illegal-transition',
    );
  });
});
