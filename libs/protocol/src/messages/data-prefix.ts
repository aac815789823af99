import { ProtocolError } from '../errors';
import { CHUNKS_PER_BLOCK, DATA_PREFIX_BYTES, MAX_CHUNKS_PER_FRAME, MAX_MANIFEST_HASHES_PER_FRAME } from '../limits';

/** A run of chunks in one block: first 8 bytes of each DATA payload of `file.read`. Source: PROTOCOL.md section 6. */
export interface ChunkPrefix {
  /** u32, index of the block in the file. */
  readonly block: number;
  /** u16, index of the run's first chunk in the block. */
  readonly firstChunk: number;
  /** u16, 1..32. */
  readonly chunkCount: number;
}

/** A run of block hashes: first 8 bytes of each DATA payload of `file.manifest`. */
export interface HashPrefix {
  /** u32, index of the first hash's block. */
  readonly firstBlock: number;
  /** u32, 1..8192. */
  readonly count: number;
}

/** Writes 8 bytes at `offset`, network byte order. */
export function encodeChunkPrefix(prefix: ChunkPrefix, into: Uint8Array, offset = 0): void {
  const view = prefixView(into, offset);
  view.setUint32(0, prefix.block);
  view.setUint16(4, prefix.firstChunk);
  view.setUint16(6, prefix.chunkCount);
}

/** @throws ProtocolError MALFORMED_MESSAGE when the run is empty, too long or leaves its block. */
export function decodeChunkPrefix(bytes: Uint8Array, offset = 0): ChunkPrefix {
  const view = prefixView(bytes, offset);
  const block = view.getUint32(0);
  const firstChunk = view.getUint16(4);
  const chunkCount = view.getUint16(6);
  if (chunkCount < 1 || chunkCount > MAX_CHUNKS_PER_FRAME || firstChunk + chunkCount > CHUNKS_PER_BLOCK) {
    malformed(`DATA with ${chunkCount} chunks from ${firstChunk}`);
  }
  return { block, firstChunk, chunkCount };
}

/** Writes 8 bytes at `offset`, network byte order. */
export function encodeHashPrefix(prefix: HashPrefix, into: Uint8Array, offset = 0): void {
  const view = prefixView(into, offset);
  view.setUint32(0, prefix.firstBlock);
  view.setUint32(4, prefix.count);
}

/** @throws ProtocolError MALFORMED_MESSAGE when the run is empty or too long. */
export function decodeHashPrefix(bytes: Uint8Array, offset = 0): HashPrefix {
  const view = prefixView(bytes, offset);
  const firstBlock = view.getUint32(0);
  const count = view.getUint32(4);
  if (count < 1 || count > MAX_MANIFEST_HASHES_PER_FRAME) malformed(`DATA with ${count} hashes`);
  return { firstBlock, count };
}

/** Writes 8 bytes: u32 number of the frame in its answer, from 0 on, and u32 0. The prefix of `link.probe`. */
export function encodeProbePrefix(frame: number, into: Uint8Array): void {
  const view = prefixView(into, 0);
  view.setUint32(0, frame);
  view.setUint32(4, 0);
}

/** @returns the frame's number. @throws ProtocolError MALFORMED_MESSAGE. */
export function decodeProbePrefix(bytes: Uint8Array): number {
  const view = prefixView(bytes, 0);
  if (view.getUint32(4) !== 0) malformed(`DATA of a probe with ${view.getUint32(4)} in its prefix`);
  return view.getUint32(0);
}

function prefixView(bytes: Uint8Array, offset: number): DataView {
  if (bytes.length - offset < DATA_PREFIX_BYTES) malformed('DATA without its prefix');
  return new DataView(bytes.buffer, bytes.byteOffset + offset, DATA_PREFIX_BYTES);
}

function malformed(what: string): never {
  throw new ProtocolError('MALFORMED_MESSAGE', what);
}
