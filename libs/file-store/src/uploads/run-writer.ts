import type { FileHandle } from 'node:fs/promises';
import { asStoreError } from '../file-store-error';
import { WRITE_RUN_BYTES } from '../limits';
import { giveBack } from './give-back';

/** Called before a run is written, and after. `end`: bytes of the file with it. */
export interface RunListener {
  before(bytes: number): Promise<void>;
  written(end: number, bytes: number): void;
}

/**
 * Writes chunks to the end of a file. What comes during one write is gathered for the next, so that a fast source costs few calls
 * of the system and a slow one does not wait; at most two runs are in memory.
 */
export class RunWriter {
  private run: Uint8Array[] = [];
  private runBytes = 0;
  private writing: Promise<void> | undefined;
  private failure: { readonly error: unknown } | undefined;

  /** @param end bytes of the file so far. */
  constructor(
    private readonly handle: Pick<FileHandle, 'writev'>,
    private end: number,
    private readonly listener: RunListener,
  ) {}

  /** Takes a chunk, which is this writer's from now on: its memory is given back as soon as it is written. @throws what an earlier write failed with. */
  async add(bytes: Uint8Array): Promise<void> {
    this.run.push(bytes);
    this.runBytes += bytes.length;
    while (this.writing && this.runBytes >= WRITE_RUN_BYTES) await this.writing;
    this.begin();
    if (this.failure) throw this.failure.error;
  }

  /** Resolves when all is written. @throws FileStoreError NO_SPACE, IO; what `before` failed with. */
  async finish(): Promise<void> {
    while (this.writing) await this.writing;
    if (this.failure) throw this.failure.error;
  }

  private begin(): void {
    if (this.writing || this.failure || this.runBytes === 0) return;
    const [run, bytes] = [this.run, this.runBytes];
    this.run = [];
    this.runBytes = 0;
    this.writing = this.write(run, bytes)
      .catch((error: unknown) => void (this.failure = { error }))
      .finally(() => {
        this.writing = undefined;
        this.begin(); // what came meanwhile does not wait for more
      });
  }

  private async write(run: readonly Uint8Array[], bytes: number): Promise<void> {
    await this.listener.before(bytes);
    await writeAll(this.handle, run, this.end);
    run.forEach(giveBack);
    this.end += bytes;
    this.listener.written(this.end, bytes);
  }
}

/** Writes all of `run` at `position`, however little the system takes at a time. */
async function writeAll(
  handle: Pick<FileHandle, 'writev'>,
  run: readonly Uint8Array[],
  position: number,
): Promise<void> {
  try {
    for (let left = run, at = position; left.length > 0;) {
      const { bytesWritten } = await handle.writev(left, at);
      at += bytesWritten;
      left = withoutFirst(left, bytesWritten);
    }
  } catch (error) {
    throw asStoreError(error, 'writing an upload');
  }
}

function withoutFirst(run: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  for (const [at, chunk] of run.entries()) {
    if (left < chunk.length) return [chunk.subarray(left), ...run.slice(at + 1)];
    left -= chunk.length;
  }
  return [];
}
