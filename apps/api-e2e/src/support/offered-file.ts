import { createHash } from 'node:crypto';
import {
  BLOCK_BYTES,
  blockCountOf,
  blockHash,
  CHUNK_BYTES,
  DATA_PREFIX_BYTES,
  encodeChunkPrefix,
  encodeHashPrefix,
  type FileManifestHead,
  HASH_BYTES,
  merkleRoot,
  type RemoteEntry,
  type Sha256,
  toHex,
} from '@ferry/protocol';

const FRAME_CHUNKS = 16;

const sha256: Sha256 = (parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** A file in the share of a test peer, with a right manifest; its content may be changed on the wire. */
export class OfferedFile {
  readonly fileId: string;
  private readonly hashes: Uint8Array;

  constructor(
    readonly id: string,
    readonly path: string,
    readonly content: Uint8Array,
    /** Called with each block before it is sent: a place to lie. */
    private readonly onBlock: (block: Uint8Array, index: number) => void = () => undefined,
    /** What is said instead of the true size, name and so on. */
    private readonly claims: Partial<FileManifestHead> = {},
  ) {
    this.hashes = Buffer.concat(this.blocks().map((block) => blockHash(block, sha256)));
    this.fileId = toHex(merkleRoot(this.hashes, sha256));
  }

  get entry(): RemoteEntry {
    const { entryId: id, name, path, size, mediaType, modifiedAt, kind, fileId = this.fileId } = this.head;
    return { id, name, path, size, mediaType, modifiedAt, fileId, kind, state: 'ready' };
  }

  get head(): FileManifestHead {
    return {
      entryId: this.id,
      name: this.path.slice(this.path.lastIndexOf('/') + 1),
      path: this.path,
      mediaType: 'application/octet-stream',
      modifiedAt: '2024-05-06T07:08:09.000Z',
      kind: 'file',
      size: this.content.length,
      blockCount: blockCountOf(this.content.length),
      fileId: this.fileId,
      ...this.claims,
    };
  }

  /** The DATA payloads of `file.manifest`. */
  manifest(firstBlock: number, blockCount: number): Uint8Array[] {
    if (blockCount === 0) return [];
    const payload = new Uint8Array(DATA_PREFIX_BYTES + blockCount * HASH_BYTES);
    encodeHashPrefix({ firstBlock, count: blockCount }, payload);
    payload.set(
      this.hashes.subarray(firstBlock * HASH_BYTES, (firstBlock + blockCount) * HASH_BYTES),
      DATA_PREFIX_BYTES,
    );
    return [payload];
  }

  /** The DATA payloads of one block of `file.read`. */
  block(block: number): Uint8Array[] {
    const bytes = this.content.slice(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
    this.onBlock(bytes, block);
    const payloads: Uint8Array[] = [];
    for (let firstChunk = 0; firstChunk * CHUNK_BYTES < bytes.length; firstChunk += FRAME_CHUNKS) {
      const run = bytes.subarray(firstChunk * CHUNK_BYTES, (firstChunk + FRAME_CHUNKS) * CHUNK_BYTES);
      const payload = new Uint8Array(DATA_PREFIX_BYTES + run.length);
      encodeChunkPrefix({ block, firstChunk, chunkCount: Math.ceil(run.length / CHUNK_BYTES) }, payload);
      payload.set(run, DATA_PREFIX_BYTES);
      payloads.push(payload);
    }
    return payloads;
  }

  private blocks(): Uint8Array[] {
    return Array.from({ length: blockCountOf(this.content.length) }, (_, index) =>
      this.content.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES),
    );
  }
}
