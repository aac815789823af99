import type { FileHandle } from 'node:fs/promises';
import type { FileEntry } from '@ferry/protocol';
import { type FileIdentity, identityOf, isSameFile } from '../disk/file-identity';
import { FileStoreError, asStoreError } from '../file-store-error';

/** Bytes `start..end`, both included, as in HTTP; default the whole file. */
export interface ReadRange {
  readonly start?: number;
  readonly end?: number;
}

/** Two arrays of the same length. */
export type ChunkMemory = readonly [Uint8Array, Uint8Array];

const STREAM_CHUNK_BYTES = 256 * 1024;

/** Memory for one reader at a time. @param bytes how many are to be read; little is needed for few. */
export function chunkMemory(bytes: number): ChunkMemory {
  const length = Math.max(1, Math.min(STREAM_CHUNK_BYTES, bytes));
  return [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)];
}

/** An open file of the list, pinned: what it reads is the file that was listed, or CHANGED. */
export class EntryReader {
  constructor(
    readonly entry: FileEntry,
    private readonly handle: FileHandle,
    private readonly identity: FileIdentity,
    private readonly onChanged: () => void,
  ) {}

  /** Bytes of the file, as listed. */
  get size(): number {
    return this.identity.size;
  }

  /**
   * Fills `into` with the bytes from `position` on. Calls may overlap.
   * @throws FileStoreError CHANGED when the file ends before that, IO.
   */
  async read(into: Uint8Array, position: number): Promise<void> {
    for (let filled = 0; filled < into.length;) {
      const { bytesRead } = await this.handle
        .read(into, filled, into.length - filled, position + filled)
        .catch((error: unknown) => {
          throw asStoreError(error, 'reading a file');
        });
      if (bytesRead === 0) throw this.changed();
      filled += bytesRead;
    }
  }

  /**
   * Passes if size, modified time and inode are those of the list.
   * @throws FileStoreError CHANGED
   */
  async assertUnchanged(): Promise<void> {
    if (!isSameFile(identityOf(await this.handle.stat()), this.identity)) throw this.changed();
  }

  /**
   * The bytes of a range in order; the next ones are read while these are worked on.
   * @param memory two arrays of the same length to read into, in turn: what is handed out is overwritten when the
   * next one is asked for. Without it each chunk is an array of its own.
   * @throws FileStoreError CHANGED rather than end early, or end with the bytes of two files; IO
   */
  async *chunks({ start = 0, end = this.size - 1 }: ReadRange = {}, memory?: ChunkMemory): AsyncGenerator<Uint8Array> {
    let next = this.chunkAt(start, end, memory?.[0]);
    for (let position = start, turn = 1; position <= end; turn += 1) {
      const chunk = await next;
      position += chunk.length;
      if (position > end) await this.assertUnchanged(); // what went out before must belong to the same file
      next = this.chunkAt(position, end, memory?.[turn % 2 === 0 ? 0 : 1]);
      yield chunk;
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Begins to read one chunk; nobody may ever ask for it. */
  private chunkAt(position: number, end: number, memory?: Uint8Array): Promise<Uint8Array> {
    const length = Math.max(0, Math.min(memory?.length ?? STREAM_CHUNK_BYTES, end - position + 1));
    const chunk = memory?.subarray(0, length) ?? Buffer.allocUnsafe(length);
    const filled = this.read(chunk, position).then(() => chunk);
    filled.catch(() => undefined);
    return filled;
  }

  private changed(): FileStoreError {
    this.onChanged();
    return new FileStoreError('CHANGED', 'The file changed on the disk');
  }
}
