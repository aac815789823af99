import { join } from 'node:path';
import {
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

const FILE_BYTES = 300 * MEBIBYTE;
const HALF = FILE_BYTES / 2;
/** Slow enough that a kill happens in mid-transfer, whatever the machine. */
const SLOW = 60 * MEBIBYTE;
/** TLS records, frames, manifest, and the sessions' own words. */
const OVERHEAD = FILE_BYTES / 100;

describe('a transfer of 300 MiB', () => {
  const group = new NodeGroup();
  let sender: ProxiedNode;
  let receiver: ProxiedNode;
  let senderId: string;

  /** Content bytes on the wire from sender to receiver, whoever dialled. */
  const onTheWire = () => sender.proxy.toClient + receiver.proxy.toTarget;
  const limitSpeed = (bytesPerSecond: number) => {
    for (const { proxy } of [sender, receiver]) proxy.bytesPerSecond = bytesPerSecond;
  };

  /** Both nodes anew, so that nothing on the receiver's disk can stand in for a byte on the wire. */
  beforeEach(async () => {
    [sender, receiver] = await Promise.all([group.startBehindProxy('sender'), group.startBehindProxy('receiver')]);
    await writeRandomFile(join(sender.node.folders.shared, 'big.bin'), FILE_BYTES);
    await untilEntry(sender.node.api, 'big.bin');
    senderId = (await pair(sender.node, receiver.node, sender.proxy.address)).inviterId;
  });
  afterEach(() => group.dispose());

  async function beginAndReachHalf(): Promise<string> {
    const { items } = await receiver.node.api.remoteFiles(senderId);
    limitSpeed(SLOW);
    const begun = await receiver.node.api.pull(
      senderId,
      items.map((entry) => entry.id),
    );
    await untilTransfer(receiver.node.api, begun.id, (transfer) => transfer.verifiedBytes >= HALF);
    return begun.id;
  }

  async function expectWhole(): Promise<void> {
    expect(await listVisible(receiver.node.folders.received)).toEqual(['big.bin']);
    const [sent, got] = [join(sender.node.folders.shared, 'big.bin'), join(receiver.node.folders.received, 'big.bin')];
    expect(await sha256sum(got)).toBe(await sha256sum(sent));
  }

  it('goes on by itself after the serving node was killed, and asks for at most 16 MiB again', async () => {
    const id = await beginAndReachHalf();
    await sender.node.kill();
    await untilState(receiver.node.api, id, 'waiting-for-peer');
    expect(await listVisible(receiver.node.folders.received)).toEqual([]);
    limitSpeed(Infinity);
    await sender.node.start();
    await untilState(receiver.node.api, id, 'complete');
    await expectWhole();
    expect(onTheWire()).toBeGreaterThanOrEqual(FILE_BYTES);
    expect(onTheWire()).toBeLessThanOrEqual(FILE_BYTES + 16 * MEBIBYTE + OVERHEAD);
  });

  it('goes on by itself after the receiving node was killed, and asks for at most 64 MiB again', async () => {
    const id = await beginAndReachHalf();
    await receiver.node.kill();
    limitSpeed(Infinity);
    expect(await listVisible(receiver.node.folders.received)).toEqual([]);
    await receiver.node.start();
    const done = await untilState(receiver.node.api, id, 'complete');
    await expectWhole();
    expect(done.resumedBytes).toBeGreaterThanOrEqual(HALF - 64 * MEBIBYTE);
    expect(done.verifiedBytes).toBe(FILE_BYTES);
    expect(onTheWire()).toBeGreaterThanOrEqual(FILE_BYTES);
    expect(onTheWire()).toBeLessThanOrEqual(FILE_BYTES + 64 * MEBIBYTE + OVERHEAD);
  });

  it('goes on by itself after the connection was cut', async () => {
    const id = await beginAndReachHalf();
    limitSpeed(Infinity);
    for (const { proxy } of [sender, receiver]) proxy.dropConnections();
    await untilState(receiver.node.api, id, 'complete');
    await expectWhole();
    expect(onTheWire()).toBeLessThanOrEqual(FILE_BYTES + 16 * MEBIBYTE + OVERHEAD);
  });
});
