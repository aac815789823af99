import { crc32 } from 'node:zlib';
import { ahead } from './ahead';
import { centralHeader, dataDescriptor, endRecords, localHeader, type ZipEntry } from './zip-records';
import { spanOf } from './zip-size';

/** The content of one entry, open. */
export interface ZipContent {
  /** Of a small entry. */
  whole(): Promise<Uint8Array>;
  /** Of a streamed entry; memory of a chunk may be used again when the next one is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Entries of a zip, page by page and the same each time it is asked. */
export interface ZipListing<E extends ZipEntry> {
  pages(): AsyncIterable<readonly E[]>;
}

/** Content is opened, and small content read, for so many entries ahead of the one being sent. */
const ENTRIES_AHEAD = 8;
/** Smaller pieces are joined, so that 100,000 tiny files are not as many writes to a socket. */
const LEAST_PIECE_BYTES = 64 * 1024;

/**
 * The bytes of a stored zip. Of each entry only the checksum is kept, for the directory at the end. Memory of a piece is used
 * again when the next one is asked for.
 * @param open content of an entry; it must give exactly `size` bytes or fail. Whatever was opened is closed.
 */
export function zipStream<E extends ZipEntry>(
  listing: ZipListing<E>,
  open: (entry: E) => Promise<ZipContent>,
): AsyncGenerator<Uint8Array> {
  return joined(pieces(listing, open));
}

async function* pieces<E extends ZipEntry>(
  listing: ZipListing<E>,
  open: (entry: E) => Promise<ZipContent>,
): AsyncGenerator<Uint8Array> {
  const checksums = new Checksums();
  const opened = ahead(entriesOf(listing), ENTRIES_AHEAD, (entry) => opening(entry, open), closed);
  for await (const each of opened) {
    try {
      checksums.add(yield* entryBytes(each));
    } finally {
      await closed(each);
    }
  }
  yield* directory(listing, checksums);
}

interface Opened {
  readonly entry: ZipEntry;
  readonly content: ZipContent | undefined;
  /** The whole content, when it is small. */
  readonly bytes: Uint8Array | undefined;
}

async function opening<E extends ZipEntry>(entry: E, open: (entry: E) => Promise<ZipContent>): Promise<Opened> {
  if (entry.size === 0 && entry.name.endsWith('/')) return { entry, content: undefined, bytes: new Uint8Array() };
  const content = await open(entry);
  if (entry.isStreamed) return { entry, content, bytes: undefined };
  try {
    return { entry, content: undefined, bytes: await content.whole() };
  } finally {
    await content.close();
  }
}

async function closed({ content }: Opened): Promise<void> {
  await content?.close();
}

/** @returns the checksum. */
async function* entryBytes({ entry, content, bytes }: Opened): AsyncGenerator<Uint8Array, number> {
  if (bytes) {
    const crc = crc32(bytes);
    yield localHeader(entry, crc);
    yield bytes;
    return crc;
  }
  yield localHeader(entry, 0);
  let crc = 0;
  for await (const chunk of content?.chunks() ?? []) {
    crc = crc32(chunk, crc);
    yield chunk;
  }
  yield dataDescriptor(entry, crc);
  return crc;
}

async function* directory(listing: ZipListing<ZipEntry>, checksums: Checksums): AsyncGenerator<Uint8Array> {
  let [count, offset, bytes] = [0, 0, 0];
  for await (const page of listing.pages()) {
    const lines = page.map((entry) => {
      const line = centralHeader(entry, checksums.at(count), offset);
      count += 1;
      offset += spanOf(entry);
      return line;
    });
    const part = Buffer.concat(lines);
    bytes += part.length;
    yield part;
  }
  yield endRecords(count, offset, bytes);
}

async function* entriesOf<E extends ZipEntry>(listing: ZipListing<E>): AsyncGenerator<E> {
  for await (const page of listing.pages()) yield* page;
}

/** Copies small pieces together; large ones go as they are. */
async function* joined(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const memory = Buffer.allocUnsafe(2 * LEAST_PIECE_BYTES);
  let bytes = 0;
  for await (const piece of source) {
    if (piece.length < LEAST_PIECE_BYTES) {
      memory.set(piece, bytes);
      bytes += piece.length;
    }
    if (bytes >= LEAST_PIECE_BYTES || (bytes > 0 && piece.length >= LEAST_PIECE_BYTES)) {
      yield memory.subarray(0, bytes);
      bytes = 0;
    }
    if (piece.length >= LEAST_PIECE_BYTES) yield piece;
  }
  if (bytes > 0) yield memory.subarray(0, bytes);
}

/** Four bytes an entry. */
class Checksums {
  private values = new Uint32Array(1024);
  private count = 0;

  add(crc: number): void {
    if (this.count === this.values.length) {
      const grown = new Uint32Array(this.count * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.count] = crc;
    this.count += 1;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }
}
