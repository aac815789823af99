import type { Transfer, TransferProgressItem } from '@ferry/protocol';

/** The transfer after one item of a `transfers.progress` event. */
export function withProgress(transfer: Transfer, item: TransferProgressItem): Transfer {
  const [, doneBytes, bytesPerSecond, etaSeconds, verifiedBytes] = item;
  return { ...transfer, doneBytes, bytesPerSecond, verifiedBytes, etaSeconds: etaSeconds ?? undefined };
}
