import {
  PATTERNS,
  type FileManifestHead,
  type FilesListRequest,
  type FilesListResponse,
  type RemoteEntry,
} from '@ferry/protocol';
import type { TestNode } from '../../peers/testing/test-node';
import type { TestDevice } from '../../transport/testing/test-device';
import { startPairedDevice } from './paired-device';

const TIME = '2024-05-06T07:08:09.000Z';

export function listedFile(path: string, change: Partial<RemoteEntry> = {}): RemoteEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const about = { name, path, mediaType: 'text/plain', modifiedAt: TIME, kind: 'file', state: 'ready' } as const;
  return { id: path, ...about, size: 5, fileId: 'f'.repeat(64), ...change };
}

export function listedFolder(path: string): RemoteEntry {
  const { fileId: _fileId, ...entry } = listedFile(path, { kind: 'folder', size: 0, mediaType: 'inode/directory' });
  return entry;
}

/** A paired device with one folder, `photos`, that lists of it what `page` says; its files never come. */
export function startFolderLister(
  node: TestNode,
  page: (request: FilesListRequest) => Partial<FilesListResponse>,
  features: readonly string[] = ['folders'],
): Promise<TestDevice> {
  return startPairedDevice(node, {
    features,
    handlers: {
      [PATTERNS.filesList]: (data) => {
        const request = data as FilesListRequest;
        const isOfFolder = request.within === 'photos'; // else the node only asks whether it is trusted
        return { entries: [], nextCursor: null, total: 1, ...(isOfFolder && page(request)) };
      },
      [PATTERNS.fileManifest]: (data) => {
        const { entryId } = data as { entryId: string };
        return entryId === 'photos' ? headOf(listedFolder('photos')) : new Promise(() => undefined);
      },
    },
  });
}

function headOf({ id: entryId, name, path, mediaType, modifiedAt, kind, size }: RemoteEntry): FileManifestHead {
  return { entryId, name, path, mediaType, modifiedAt, kind, size, blockCount: 0 };
}
