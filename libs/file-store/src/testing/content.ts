import { randomBytes } from 'node:crypto';
import { BLOCK_BYTES, type FileEntry, blockCountOf, blockHash, merkleRoot, toHex } from '@ferry/protocol';
import { sha256 } from '../content';
import type { PublishedFile } from '../staging/publisher';
import type { StagedFile } from '../staging/staged-file';
import type { StagingRequest } from '../staging/staging';

export const MODIFIED_AT = '2020-02-03T04:05:06.000Z';

/** Some bytes and what a peer would tell of them. */
export interface TestContent {
  readonly bytes: Buffer;
  readonly request: StagingRequest;
}

/** Random content of `size` bytes, to be received under `path`. */
export function makeContent(size: number, path?: string, key?: string): TestContent {
  return contentOf(randomBytes(size), path, key);
}

/** Content of these bytes. */
export function contentOf(bytes: Buffer, path = 'folder/file.bin', key = 'transfer/0'): TestContent {
  const size = bytes.length;
  const hashes = Buffer.concat(
    Array.from({ length: blockCountOf(size) }, (_, index) => blockHash(blockOf(bytes, index), sha256)),
  );
  const request = { key, fileId: toHex(merkleRoot(hashes, sha256)), size, hashes, path };
  return { bytes, request: { ...request, modifiedAt: MODIFIED_AT, mediaType: 'application/octet-stream' } };
}

/** Hands the staged file these blocks of the content. */
export async function writeBlocks(file: StagedFile, { bytes }: TestContent, indexes: readonly number[]): Promise<void> {
  await Promise.all(indexes.map((index) => writeBytes(file, index, blockOf(bytes, index))));
}

/** Publishes a file whose blocks are all there. */
export async function publish(file: StagedFile): Promise<FileEntry> {
  return madeFile(await file.publish());
}

/** The file that was made of what came in. @throws Error when it was skipped. */
export function madeFile(published: PublishedFile): FileEntry {
  if ('skipped' in published) throw new Error(`skipped for ${published.skipped.path}`);
  return published;
}

/** Hands the staged file `bytes` as a block. */
export function writeBytes(file: StagedFile, index: number, bytes: Uint8Array): Promise<void> {
  const block = new SharedArrayBuffer(BLOCK_BYTES);
  new Uint8Array(block).set(bytes);
  return file.writeBlock(index, block, bytes.length);
}

function blockOf(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES);
}
