import type { ConflictRule } from '@ferry/protocol';
import type { FinishedUpload } from './upload-publisher';
import type { UploadRow } from './upload-table';

/** An upload that is to come in pieces. */
export interface ResumableRequest {
  /** A UUID that nobody can guess: who knows it can go on with the upload. */
  readonly id: string;
  /** Bytes; undefined while the client does not know it. */
  readonly size: number | undefined;
  /** Relative path from outside, with the name. */
  readonly path: string;
  readonly onConflict: ConflictRule;
  /** Of the whole file, 64 lower-case hex digits; checked before it is published. */
  readonly sha256?: string;
  /** Kept for the caller. */
  readonly metadata: string;
}

/** How far an upload is. */
export interface ResumableUpload {
  readonly id: string;
  readonly size: number | undefined;
  /** Bytes that are surely on the disk: where the client goes on. */
  readonly offset: number;
  readonly metadata: string;
  /** Milliseconds. It is deleted when nothing comes for `UPLOAD_RETENTION_MS` after it. */
  readonly touchedAt: number;
  /** What became of it, once it is whole. */
  readonly finished?: FinishedUpload;
}

/** All bytes are there. */
export function isComplete({ size, syncedBytes, state }: UploadRow): boolean {
  return state !== 'writing' || syncedBytes === size;
}

/** What the caller may know of a row. */
export function toUpload(row: UploadRow, finished?: FinishedUpload): ResumableUpload {
  const { id, size, syncedBytes, metadata, touchedAt } = row;
  return {
    ...{ id, metadata, touchedAt },
    size: size ?? undefined,
    offset: syncedBytes,
    ...(finished && { finished }),
  };
}
