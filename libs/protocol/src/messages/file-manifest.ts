import { blockCountOf } from '../content/block';
import type { EntryKind } from '../http/files';
import { MAX_FILE_BYTES } from '../limits';
import { ENTRY_ID_RULE, type EntryDescription, FILE_ID_RULE, readEntryDescription } from './entry-fields';
import { KINDS } from './files-list';
import { MessageReader } from './message-reader';

/** Data of the request `file.manifest`: a range of a file's block hashes, as DATA, then its head as RESPONSE. */
export interface FileManifestRequest {
  readonly entryId: string;
  readonly firstBlock: number;
  /** 0 asks for the head alone, which is answered also while the file is being hashed. */
  readonly blockCount: number;
}

/** Answer to `file.manifest`, after the hashes. */
export interface FileManifestHead extends EntryDescription {
  readonly entryId: string;
  /** A folder has neither bytes, blocks nor a content address. */
  readonly kind: EntryKind;
  /** Bytes. */
  readonly size: number;
  /** Content address, 64 lower-case hex digits; absent while the responder is still hashing the file. */
  readonly fileId?: string;
  /** Of the whole file: ceil(size / 1 MiB). */
  readonly blockCount: number;
}

const MAX_BLOCKS = blockCountOf(MAX_FILE_BYTES);

/** @throws ProtocolError MALFORMED_MESSAGE. Whether the range lies in the file is judged by who knows the file. */
export function parseFileManifestRequest(value: unknown): FileManifestRequest {
  const reader = new MessageReader('FileManifestRequest', value);
  return {
    entryId: reader.text('entryId', ENTRY_ID_RULE),
    firstBlock: reader.integer('firstBlock', 0, MAX_BLOCKS),
    blockCount: reader.integer('blockCount', 0, MAX_BLOCKS),
  };
}

/** @throws ProtocolError MALFORMED_MESSAGE, also when `blockCount` does not follow from `size`, and for a folder with content. */
export function parseFileManifestHead(value: unknown): FileManifestHead {
  const reader = new MessageReader('FileManifestHead', value);
  const size = reader.integer('size', 0, MAX_FILE_BYTES);
  const blockCount = reader.integer('blockCount', 0, MAX_BLOCKS);
  if (blockCount !== blockCountOf(size)) {
    reader.fail('blockCount', `is ${blockCount}, but ${size} bytes are ${blockCountOf(size)} blocks`);
  }
  const kind = reader.has('kind') ? reader.oneOf('kind', KINDS, 'folder') : 'file';
  const fileId = reader.optionalText('fileId', FILE_ID_RULE);
  if (kind === 'folder' && (size > 0 || fileId !== undefined)) reader.fail('kind', 'is a folder, which has no content');
  return {
    entryId: reader.text('entryId', ENTRY_ID_RULE),
    ...readEntryDescription(reader),
    kind,
    size,
    ...(fileId === undefined ? {} : { fileId }),
    blockCount,
  };
}
