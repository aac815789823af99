import type { ConflictRule, EntryKind } from './files';

/** In the order in which a transfer meets them. */
export const TRANSFER_STATES = [
  'pending-approval',
  'queued',
  'hashing',
  'connecting',
  'running',
  'paused',
  'waiting-for-peer',
  'verifying',
  'complete',
  'failed',
  'cancelled',
  'declined',
] as const;

export type TransferState = (typeof TRANSFER_STATES)[number];

/** States after which nothing happens without the user. */
export const FINAL_TRANSFER_STATES = [
  'complete',
  'failed',
  'cancelled',
  'declined',
] as const satisfies readonly TransferState[];

export interface TransferSource {
  readonly peerId: string;
  readonly bytesPerSecond: number;
  /** Content bytes taken from this source. */
  readonly bytes: number;
}

/** One POST makes one transfer for all its entries. Source: DESIGN section 6. */
export interface Transfer {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly state: TransferState;
  readonly peerIds: readonly string[];
  /** The file's name, or the first one's and how many more. */
  readonly name: string;
  readonly files: { readonly done: number; readonly total: number };
  readonly totalBytes: number;
  /** Bytes that are here: verified, resumed and reused ones, and those just arriving. */
  readonly doneBytes: number;
  readonly verifiedBytes: number;
  /** Bytes found in staging after a stop and not asked for again. */
  readonly resumedBytes: number;
  /** Bytes found elsewhere on this disk and not asked for. */
  readonly reusedBytes: number;
  readonly bytesPerSecond: number;
  readonly etaSeconds?: number;
  readonly sources: readonly TransferSource[];
  /** `missingBytes`: of `insufficient-storage`; such a transfer is `paused` and goes on by itself when there is room. */
  readonly error?: { readonly code: string; readonly detail: string; readonly missingBytes?: number };
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly finishedAt?: string;
}

/** One file of a transfer (`/transfers/{id}/files`). */
export interface TransferFile {
  readonly entryId: string;
  /** As offered by the peer. */
  readonly path: string;
  /** Where it was published, relative to the received folder; only when complete. */
  readonly publishedPath?: string;
  readonly size: number;
  readonly doneBytes: number;
  /** Bytes found elsewhere on this disk and not asked for; absent while there are none. */
  readonly reusedBytes?: number;
  /** `folder`: an empty one, which is made. */
  readonly kind: EntryKind;
  /** `skipped`: a file of that name was there, and the transfer's rule said so. */
  readonly state: 'pending' | 'running' | 'complete' | 'failed' | 'skipped';
  readonly fileId?: string;
  /** Why the file failed, in words; only then. */
  readonly error?: { readonly code: string; readonly detail: string };
}

export interface CreateTransferRequest {
  readonly peerId: string;
  /** Files and folders; a folder stands for everything below it. */
  readonly entryIds: readonly string[];
  /** Default: the setting. */
  readonly onConflict?: ConflictRule;
}

export interface UpdateTransferRequest {
  readonly state: 'paused' | 'running';
}
