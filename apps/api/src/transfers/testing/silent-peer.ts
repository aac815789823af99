import { PATTERNS, type FileManifestHead } from '@ferry/protocol';
import type { TestNode } from '../../peers/testing/test-node';
import type { TestDevice } from '../../transport/testing/test-device';
import { startPairedDevice } from './paired-device';

/** Files that a silent peer offers: one block each, whose hashes nobody ever gets. */
export function silentHead(entryId: string): FileManifestHead {
  const name = `${entryId}.txt`;
  const about = {
    name,
    path: name,
    mediaType: 'text/plain',
    modifiedAt: '2024-05-06T07:08:09.000Z',
    kind: 'file',
  } as const;
  return { entryId, ...about, size: 5, fileId: 'f'.repeat(64), blockCount: 1 };
}

/** A paired device that is there, and describes each of its files as often as it is told to; then it is only silent. */
export async function startSilentPeer(node: TestNode, answersPerFile: number): Promise<TestDevice> {
  const answers = new Map<string, number>();
  return startPairedDevice(node, {
    handlers: {
      [PATTERNS.fileManifest]: (data) => {
        const { entryId } = data as { entryId: string };
        const count = (answers.get(entryId) ?? 0) + 1;
        answers.set(entryId, count);
        return count > answersPerFile ? new Promise(() => undefined) : silentHead(entryId);
      },
    },
  });
}
