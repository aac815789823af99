import type { ProblemCode, Transfer, TransferFile } from '@ferry/protocol';
import type { TransferMeter } from './progress/transfer-meter';
import { isFinal } from './transfer-state';
import type { TransferFileRow, TransferRow } from './transfer-rows';

const NO_SPACE_CODE: ProblemCode = 'insufficient-storage';

/** A transfer as the API shows it. @param meter of the run that is under way, if one is. */
export function toTransfer(row: TransferRow, meter?: TransferMeter): Transfer {
  const verifiedBytes = meter?.verifiedBytes ?? row.verifiedBytes;
  const etaSeconds = meter?.etaSeconds(row.totalBytes);
  return {
    id: row.id,
    direction: 'in',
    state: row.state,
    peerIds: [row.peerId],
    name: row.name,
    files: { done: row.filesDone, total: row.filesTotal },
    totalBytes: row.totalBytes,
    doneBytes: meter?.doneBytes ?? row.verifiedBytes,
    verifiedBytes,
    resumedBytes: meter?.resumedBytes ?? row.resumedBytes,
    reusedBytes: meter?.reusedBytes ?? row.reusedBytes,
    bytesPerSecond: meter?.bytesPerSecond ?? 0,
    ...(etaSeconds !== undefined && { etaSeconds }),
    sources: meter ? [{ peerId: row.peerId, bytesPerSecond: meter.bytesPerSecond, bytes: meter.receivedBytes }] : [],
    ...(row.errorCode !== null && { error: errorOf(row, row.errorCode) }),
    createdAt: row.createdAt,
    ...(row.finishedAt !== null && isFinal(row.state) && { finishedAt: row.finishedAt }),
  };
}

function errorOf({ errorDetail, missingBytes }: TransferRow, code: string): Transfer['error'] {
  return { code, detail: errorDetail ?? '', ...(code === NO_SPACE_CODE && missingBytes !== null && { missingBytes }) };
}

export function toTransferFile(row: TransferFileRow): TransferFile {
  return {
    entryId: row.entryId,
    path: row.path,
    kind: row.kind,
    size: row.size,
    doneBytes: row.doneBytes,
    state: row.state,
    ...(row.reusedBytes > 0 && { reusedBytes: row.reusedBytes }),
    ...(row.publishedPath !== null && { publishedPath: row.publishedPath }),
    ...(row.fileId !== null && { fileId: row.fileId }),
    ...(row.errorCode !== null && { error: { code: row.errorCode, detail: row.errorDetail ?? '' } }),
  };
}
