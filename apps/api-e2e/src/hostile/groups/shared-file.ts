import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BLOCK_BYTES,
  CHUNK_BYTES,
  decodeChunkPrefix,
  DATA_PREFIX_BYTES,
  type FileEntry,
  FrameType,
  PATTERNS,
} from '@ferry/protocol';
import { untilEntry, writeRandomFile } from '@ferry/test-nodes';
import { requestFrame } from '../../support/raw-frame';
import type { RawWire } from '../../support/raw-wire';
import type { Field } from '../field';
import type { Ground } from '../ground';

/** A file in the node's share that every paired device may read. */
export interface SharedFile {
  readonly id: string;
  readonly fileId: string;
  /** On this disk. */
  readonly path: string;
  readonly size: number;
}

/** Those that there are already; cases with several forms use one. */
const files = new WeakMap<Field, Map<string, Promise<SharedFile>>>();

/** Puts a file of random bytes into the node's share. @param name unique, begins with the id of its case. */
export function sharedFile(ground: Ground, name: string, size: number): Promise<SharedFile> {
  return once(ground, name, size, (path) => writeRandomFile(path, size));
}

/** The same of zero bytes that take no space on the disk. */
export function sparseFile(ground: Ground, name: string, size: number): Promise<SharedFile> {
  return once(ground, name, size, async (path) => {
    const file = await open(path, 'w');
    await file.truncate(size);
    await file.close();
  });
}

function once(
  { field, node }: Ground,
  name: string,
  size: number,
  write: (path: string) => Promise<void>,
): Promise<SharedFile> {
  const known = files.get(field) ?? new Map<string, Promise<SharedFile>>();
  files.set(field, known);
  field.expectPath(/^shared\/w\d/);
  const make = async (): Promise<SharedFile> => {
    const path = join(node.folders.shared, name);
    await write(path);
    const isWhole = (entry: FileEntry) => entry.scope === 'shared' && entry.state === 'ready' && entry.size === size;
    const { id, fileId = '' } = await untilEntry(node.api, name, isWhole);
    return { id, fileId, path, size };
  };
  const made = known.get(name) ?? make();
  known.set(name, made);
  return made;
}

/** Asks for content; nobody waits for the answer. @returns its stream. */
export function askFor(wire: RawWire, fileId: string, ranges: unknown, more: object = {}): number {
  const stream = wire.newStream();
  wire.send(requestFrame(stream, PATTERNS.fileRead, { fileId, ranges, ...more }));
  return stream;
}

/** The content that came on a stream so far, put together by its prefixes. @returns by block. */
export function contentOn(wire: RawWire, stream: number): Map<number, Buffer> {
  const blocks = new Map<number, Buffer[]>();
  for (const { header, payload } of wire.frames) {
    if (header.stream !== stream || header.type !== FrameType.DATA) continue;
    const { block, firstChunk } = decodeChunkPrefix(payload);
    const parts = blocks.get(block) ?? [];
    const before = parts.reduce((sum, { length }) => sum + length, 0);
    expect(firstChunk * CHUNK_BYTES).toBe(before);
    parts.push(Buffer.from(payload.subarray(DATA_PREFIX_BYTES)));
    blocks.set(block, parts);
  }
  return new Map([...blocks].map(([block, parts]) => [block, Buffer.concat(parts)]));
}

/** One block of a file on this disk. */
export async function blockOf(path: string, block: number): Promise<Buffer> {
  return (await readFile(path)).subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
}
