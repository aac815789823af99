import type { Transfer, TransferSource } from '@ferry/protocol';

/** The sources with their figures of now: progress events tell those of the whole transfer only, so a single source takes them. */
export function sourcesNow(transfer: Transfer): readonly TransferSource[] {
  const [source, ...others] = transfer.sources;
  if (!source || others.length > 0) return transfer.sources;
  const { bytesPerSecond, doneBytes, resumedBytes, reusedBytes } = transfer;
  return [{ ...source, bytesPerSecond, bytes: Math.max(source.bytes, doneBytes - resumedBytes - reusedBytes) }];
}
