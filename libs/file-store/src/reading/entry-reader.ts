import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FileEntry } from '@ferry/protocol';
import { type FileIdentity, identityOf, isSameFile } from '../disk/file-identity';
import { FileStoreError, asStoreError } from '../file-store-error';

/** Bytes `start..end`, both included, as in HTTP; default the whole file. */
export interface ReadRange {
  readonly start?: number;
  readonly end?: number;
}

const STREAM_CHUNK_BYTES = 256 * 1024;

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

  /** The bytes of a range; it fails with CHANGED rather than end early. The reader stays open. */
  createReadStream({ start = 0, end = this.size - 1 }: ReadRange = {}): Readable {
    return Readable.from(this.chunks(start, end), { objectMode: false });
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async *chunks(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let position = start; position <= end;) {
      const chunk = Buffer.allocUnsafe(Math.min(STREAM_CHUNK_BYTES, end - position + 1));
      await this.read(chunk, position);
      position += chunk.length;
      yield chunk;
    }
  }

  private changed(): FileStoreError {
    this.onChanged();
    return new FileStoreError('CHANGED', 'The file changed on the disk');
  }
}
