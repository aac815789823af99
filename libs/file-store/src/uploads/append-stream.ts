import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { FileStoreError } from '../file-store-error';
import { SyncLedger } from '../staging/sync-ledger';
import { RunWriter } from './run-writer';

/** What bytes must hash to. */
export interface ExpectedDigest {
  /** As `node:crypto` calls it. */
  readonly algorithm: string;
  readonly digest: Uint8Array;
}

export interface AppendOptions {
  /** The file may not grow beyond it; 0 = no limit. */
  readonly maxBytes: number;
  /** With it the bytes count all together, when the last one was right, or not at all. */
  readonly expected?: ExpectedDigest;
  /** Notes that the file holds so many bytes, durably; called with data that is synced. */
  readonly commit?: (bytes: number) => Promise<void>;
  /** Asked before bytes are written. @throws FileStoreError NO_SPACE */
  readonly admit?: (bytes: number) => Promise<void>;
}

/**
 * Writes a stream to the end of a file of `start` bytes and syncs it. What was committed before a failure stays and counts, unless
 * a digest was expected. `source` is held back while the disk is behind.
 * @returns the bytes of the file, all synced and committed.
 * @throws FileStoreError TOO_LARGE, HASH_MISMATCH, NO_SPACE, IO; what `source` failed with.
 */
export async function appendStream(
  handle: FileHandle,
  start: number,
  source: AsyncIterable<Uint8Array>,
  options: AppendOptions,
): Promise<number> {
  const { expected, commit } = options;
  const ledger = new SyncLedger(async (ends) => {
    await handle.datasync();
    const end = ends.at(-1);
    if (end !== undefined && !expected) await commit?.(end);
  });
  try {
    const end = await write(handle, start, source, options, ledger);
    await ledger.flush();
    if (expected) await commit?.(end);
    return end;
  } catch (error) {
    // What failed first is told; a sync that fails as well leaves the count where it was.
    if (!expected) await ledger.flush().catch(() => undefined);
    throw error;
  } finally {
    await ledger.drain(); // nothing may use the handle after it is closed
  }
}

async function write(
  handle: FileHandle,
  start: number,
  source: AsyncIterable<Uint8Array>,
  { maxBytes, expected, admit }: AppendOptions,
  ledger: SyncLedger,
): Promise<number> {
  const hash = expected && createHash(expected.algorithm);
  const writer = new RunWriter(handle, start, {
    before: async (bytes) => {
      await admit?.(bytes);
      await ledger.admit();
    },
    written: (end, bytes) => ledger.wrote(end, bytes),
  });
  let end = start;
  try {
    for await (const bytes of source) {
      if (maxBytes > 0 && end + bytes.length > maxBytes) throw tooLarge(maxBytes);
      end += bytes.length;
      hash?.update(bytes);
      await writer.add(bytes);
    }
  } finally {
    await writer.finish(); // also what came before the source failed
  }
  if (expected && hash) compare(hash, expected);
  return end;
}

function compare(hash: Hash, { digest }: ExpectedDigest): void {
  if (hash.digest().equals(digest)) return;
  throw new FileStoreError('HASH_MISMATCH', 'The bytes do not match the digest they were sent with');
}

function tooLarge(maxBytes: number): FileStoreError {
  return new FileStoreError('TOO_LARGE', `The file is larger than ${maxBytes} bytes`);
}
