import { PATTERNS, type FileManifestHead } from '@ferry/protocol';
import type { TestNode } from '../../peers/testing/test-node';
import { TestDevice } from '../../transport/testing/test-device';

/** Files that a silent peer offers: one block each, whose hashes nobody ever gets. */
export function silentHead(entryId: string): FileManifestHead {
  const name = `${entryId}.txt`;
  const [mediaType, modifiedAt] = ['text/plain', '2024-05-06T07:08:09.000Z'];
  return { entryId, name, path: name, mediaType, modifiedAt, size: 5, fileId: 'f'.repeat(64), blockCount: 1 };
}

/** A paired device that is there, and describes each of its files as often as it is told to; then it is only silent. */
export async function startSilentPeer(node: TestNode, answersPerFile: number): Promise<TestDevice> {
  const answers = new Map<string, number>();
  const device = await TestDevice.start({
    handlers: {
      [PATTERNS.filesList]: () => ({ entries: [], nextCursor: null, total: 0 }),
      [PATTERNS.fileManifest]: (data) => {
        const { entryId } = data as { entryId: string };
        const count = (answers.get(entryId) ?? 0) + 1;
        answers.set(entryId, count);
        return count > answersPerFile ? new Promise(() => undefined) : silentHead(entryId);
      },
    },
  });
  const unsubscribe = node.transport.onSession((session) => node.peers.trust(session, [device.address]));
  (await device.transport.dial(node.peerAddress)).close();
  unsubscribe();
  return device;
}
