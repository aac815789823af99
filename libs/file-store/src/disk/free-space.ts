import { statfs } from 'node:fs/promises';
import { formatBytes } from '@ferry/protocol';
import { FileStoreError } from '../file-store-error';
import { FREE_SPACE_LOOK_MS, FREE_SPACE_RESERVE_BYTES } from '../limits';

/** @returns bytes that may still be written on the file system of `path`, the reserve left alone; below 0 what the reserve lacks. */
export async function availableBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize - FREE_SPACE_RESERVE_BYTES;
}

/**
 * @param neededBytes still to be written on the file system of `path`.
 * @throws FileStoreError NO_SPACE, with the missing bytes, unless they fit and the reserve stays free.
 */
export async function checkFreeSpace(path: string, neededBytes: number): Promise<void> {
  const available = await availableBytes(path);
  if (neededBytes > available) throw noSpace(neededBytes, available);
}

/** Watches over what is written to one folder: asks the system at most twice a second, and counts in between. */
export class FreeSpace {
  private lookedAt = -Infinity;
  private left = 0;
  private look: Promise<void> | undefined;

  /** @param folder a path on the file system. */
  constructor(private readonly folder: () => string) {}

  /** Bytes that may be written now; below 0 what the reserve lacks. */
  async available(): Promise<number> {
    if (performance.now() - this.lookedAt >= FREE_SPACE_LOOK_MS) await (this.look ??= this.lookAgain());
    return this.left;
  }

  /** @throws FileStoreError NO_SPACE, with the missing bytes, unless so many bytes can be written now. */
  async check(bytes: number): Promise<void> {
    const available = await this.available();
    if (bytes > available) throw noSpace(bytes, available);
  }

  /**
   * To be called before each write.
   * @param neededBytes what the writers still have in mind, for the words of a refusal.
   * @throws FileStoreError NO_SPACE, with the missing bytes, when these bytes would take of the reserve.
   */
  async take(bytes: number, neededBytes: () => number): Promise<void> {
    const available = await this.available();
    if (bytes > available) throw noSpace(Math.max(neededBytes(), bytes), available);
    this.left -= bytes;
  }

  private async lookAgain(): Promise<void> {
    try {
      this.left = await availableBytes(this.folder());
      this.lookedAt = performance.now();
    } finally {
      this.look = undefined;
    }
  }
}

export function noSpace(neededBytes: number, availableBytes: number): FileStoreError {
  const missingBytes = Math.max(neededBytes - availableBytes, 0);
  const what = `${formatBytes(neededBytes)} to store, ${formatBytes(missingBytes)} too little`;
  return new FileStoreError('NO_SPACE', `The disk is too full: ${what}`, { missingBytes });
}
