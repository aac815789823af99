/** What every block worker is told at its start: it imports nothing of ours, so it runs from source and bundled. */
export interface WorkerSettings {
  readonly blockBytes: number;
  readonly hashBytes: number;
  /** Goes before a block's bytes when hashing it. */
  readonly leafPrefix: Uint8Array;
  /** Blocks between two progress notices. */
  readonly progressBlocks: number;
}

/** Hash all blocks of an open file, which must be and stay as described. */
export interface HashJob {
  readonly kind: 'hash';
  /** Stays open until the job has ended; so in the other jobs. */
  readonly fd: number;
  readonly size: number;
  /** Milliseconds with fraction. */
  readonly mtime: number;
  readonly inode: number;
  /** One Int32; anything but 0 ends the job early. */
  readonly cancel: SharedArrayBuffer;
}

/** Write `block[0..length]` at `position`, but only if it hashes to `hash`. */
export interface WriteJob {
  readonly kind: 'write';
  readonly fd: number;
  readonly position: number;
  readonly block: SharedArrayBuffer;
  readonly length: number;
  readonly hash: Uint8Array;
}

/** Tell which of `blocks` of an open file of `size` bytes hash to their entry in `hashes`. */
export interface RecheckJob {
  readonly kind: 'recheck';
  readonly fd: number;
  readonly size: number;
  readonly blocks: Uint32Array;
  readonly hashes: Uint8Array;
}

export type BlockJob = HashJob | WriteJob | RecheckJob;

/** `code` is one of `FileStoreErrorCode`, or ABORTED. */
export interface JobFailure {
  readonly code: 'CHANGED' | 'HASH_MISMATCH' | 'NO_SPACE' | 'IO' | 'ABORTED';
  readonly message: string;
}

export type JobReply =
  | { readonly job: number; readonly type: 'part'; readonly bytes: Uint8Array; readonly doneBytes: number }
  | { readonly job: number; readonly type: 'done'; readonly good?: Uint8Array }
  | { readonly job: number; readonly type: 'failed'; readonly failure: JobFailure };
