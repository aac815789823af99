import type { ConflictRule, EntryKind, TransferFile, TransferState } from '@ferry/protocol';

/** A transfer as it is kept in the database; speeds and what is in flight live in the engine. */
export interface TransferRow {
  readonly id: string;
  readonly peerId: string;
  readonly state: TransferState;
  readonly name: string;
  readonly filesTotal: number;
  readonly filesDone: number;
  readonly totalBytes: number;
  /** Verified and on this disk, at the last time it was written down. */
  readonly verifiedBytes: number;
  readonly resumedBytes: number;
  readonly reusedBytes: number;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  /** Of a transfer that waits for space. */
  readonly missingBytes: number | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  /** The peer's id of the offer that it comes from. */
  readonly offerId: string | null;
  /** What happens to a file whose name is taken. */
  readonly onConflict: ConflictRule;
}

/** Of a transfer whose files are still being listed by the peer: nobody is shown it yet. */
export const DRAFT_STATE = 'pending-approval' satisfies TransferState;

/** One file of a transfer; `position` is its place in the request. */
export interface TransferFileRow {
  readonly transferId: string;
  readonly position: number;
  readonly entryId: string;
  readonly path: string;
  /** `folder`: an empty one, which is made. */
  readonly kind: EntryKind;
  readonly size: number;
  readonly state: TransferFile['state'];
  readonly doneBytes: number;
  /** Found in staging, and of those not what is counted as reused. */
  readonly resumedBytes: number;
  /** Found in other files of this disk, in this run or an earlier one. */
  readonly reusedBytes: number;
  readonly fileId: string | null;
  readonly publishedPath: string | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
}

/** Key under which the staging of this file is found again after a restart. */
export function stagingKey({ transferId, position }: Pick<TransferFileRow, 'transferId' | 'position'>): string {
  return `${transferId}/${position}`;
}

/** The transfer that a staging key belongs to. */
export function transferOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/** Beside TRANSFER_MIGRATIONS, and after them. */
export const SPACE_MIGRATIONS = ['ALTER TABLE transfers ADD COLUMN missingBytes INTEGER'] as const;

export const TRANSFER_MIGRATIONS = [
  `CREATE TABLE transfers (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     peerId TEXT NOT NULL,
     state TEXT NOT NULL,
     name TEXT NOT NULL,
     filesTotal INTEGER NOT NULL,
     filesDone INTEGER NOT NULL DEFAULT 0,
     totalBytes INTEGER NOT NULL,
     verifiedBytes INTEGER NOT NULL DEFAULT 0,
     resumedBytes INTEGER NOT NULL DEFAULT 0,
     errorCode TEXT,
     errorDetail TEXT,
     createdAt TEXT NOT NULL,
     finishedAt TEXT
   ) STRICT;
   CREATE INDEX transfers_by_state ON transfers (state, seq);
   CREATE TABLE transfer_files (
     transferId TEXT NOT NULL REFERENCES transfers (id) ON DELETE CASCADE,
     position INTEGER NOT NULL,
     entryId TEXT NOT NULL,
     path TEXT NOT NULL,
     size INTEGER NOT NULL,
     state TEXT NOT NULL,
     doneBytes INTEGER NOT NULL DEFAULT 0,
     resumedBytes INTEGER NOT NULL DEFAULT 0,
     fileId TEXT,
     publishedPath TEXT,
     errorCode TEXT,
     errorDetail TEXT,
     PRIMARY KEY (transferId, position)
   ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE transfers ADD COLUMN offerId TEXT;
   CREATE INDEX transfers_by_offer ON transfers (offerId) WHERE offerId IS NOT NULL;`,
  `ALTER TABLE transfers ADD COLUMN onConflict TEXT NOT NULL DEFAULT 'keep-both';
   ALTER TABLE transfer_files ADD COLUMN kind TEXT NOT NULL DEFAULT 'file';
   CREATE TABLE transfer_listing (
     transferId TEXT NOT NULL REFERENCES transfers (id) ON DELETE CASCADE,
     entryId TEXT NOT NULL,
     origin INTEGER NOT NULL,
     path TEXT NOT NULL,
     kind TEXT NOT NULL,
     PRIMARY KEY (transferId, entryId)
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX transfer_listing_by_path ON transfer_listing (transferId, path, origin);`,
  `ALTER TABLE transfers ADD COLUMN reusedBytes INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE transfer_files ADD COLUMN reusedBytes INTEGER NOT NULL DEFAULT 0;`,
] as const;
