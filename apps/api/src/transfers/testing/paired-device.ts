import { PATTERNS } from '@ferry/protocol';
import type { TestNode } from '../../peers/testing/test-node';
import { TestDevice, type TestDeviceOptions } from '../../transport/testing/test-device';

/** A device that the node trusts, with answers of its own; unless it says otherwise its share is empty. */
export async function startPairedDevice(node: TestNode, options: TestDeviceOptions): Promise<TestDevice> {
  const emptyShare = { [PATTERNS.filesList]: () => ({ entries: [], nextCursor: null, total: 0 }) };
  const device = await TestDevice.start({ ...options, handlers: { ...emptyShare, ...options.handlers } });
  const unsubscribe = node.transport.onSession((session) => node.peers.trust(session, [device.address]));
  (await device.transport.dial(node.peerAddress)).close();
  unsubscribe();
  return device;
}
