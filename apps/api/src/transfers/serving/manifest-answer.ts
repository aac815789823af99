import type { EntryCatalogue } from '@ferry/file-store';
import {
  blockCountOf,
  DATA_PREFIX_BYTES,
  encodeHashPrefix,
  HASH_BYTES,
  MAX_MANIFEST_HASHES_PER_FRAME,
  ProtocolError,
  type FileEntry,
  type FileManifestHead,
  type FileManifestRequest,
} from '@ferry/protocol';
import { DataAnswer } from '../../transport/data-answer';
import { toRemoteEntry } from './remote-page';
import { asProtocolError } from './store-faults';

/**
 * Head alone for `blockCount` 0, also while hashing; else the hashes of the range as DATA, then the head. The hashes are read frame by
 * frame, so an answer takes no more memory than its frames.
 * @throws ProtocolError INVALID_RANGE, FILE_NOT_READY.
 */
export function manifestAnswer(
  entries: EntryCatalogue,
  entry: FileEntry,
  { firstBlock, blockCount }: FileManifestRequest,
): DataAnswer {
  const head = headOf(entry);
  if (blockCount === 0) return new DataAnswer(async () => head);
  if (entry.kind === 'file' && entry.fileId === undefined)
    throw new ProtocolError('FILE_NOT_READY', 'The file is still being hashed.');
  const end = firstBlock + blockCount;
  if (end > head.blockCount)
    throw new ProtocolError(
      'INVALID_RANGE',
      `Blocks ${firstBlock}+${blockCount} reach beyond the ${head.blockCount} of this file.`,
    );
  return new DataAnswer(async (writer) => {
    for (let first = firstBlock; first < end; first += MAX_MANIFEST_HASHES_PER_FRAME) {
      const count = Math.min(MAX_MANIFEST_HASHES_PER_FRAME, end - first);
      const frame = await writer.frame(DATA_PREFIX_BYTES + count * HASH_BYTES);
      encodeHashPrefix({ firstBlock: first, count }, frame.payload, 0);
      frame.payload.set(hashesOf(entries, entry, first, count), DATA_PREFIX_BYTES);
      writer.send(frame);
    }
    return head;
  });
}

/** @throws ProtocolError FILE_CHANGED when the entry has other content by now. */
function hashesOf(entries: EntryCatalogue, { id, fileId }: FileEntry, first: number, count: number): Uint8Array {
  return asProtocolError(() => {
    const hashes = entries.blockHashes(id, first, count);
    if (entries.get(id).fileId === fileId && hashes.length === count * HASH_BYTES) return hashes;
    throw new ProtocolError('FILE_CHANGED', 'The file has changed.');
  });
}

function headOf(entry: FileEntry): FileManifestHead {
  const { id: entryId, name, path, mediaType, modifiedAt, kind, size, fileId } = toRemoteEntry(entry);
  const blockCount = blockCountOf(size);
  return {
    entryId,
    name,
    path,
    mediaType,
    modifiedAt,
    kind,
    size,
    blockCount,
    ...(fileId !== undefined && { fileId }),
  };
}
