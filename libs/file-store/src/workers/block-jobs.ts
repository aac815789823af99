/** What every block worker is told at its start: it imports nothing of ours, so it runs from source and bundled. */
export interface WorkerSettings {
  readonly blockBytes: number;
  readonly hashBytes: number;
  /** Goes before a block's bytes when hashing it. */
  readonly leafPrefix: Uint8Array;
  /** Has what is left of the processor, where the system can say so of a thread. */
  readonly isBackground: boolean;
}

/** What a file must be, and stay until the job has ended. */
export interface ExpectedFile {
  readonly size: number;
  /** Milliseconds with fraction. */
  readonly mtime: number;
  readonly inode: number;
}

/** Hash some blocks of an open file: the answer is their hashes, concatenated. */
export interface HashJob extends ExpectedFile {
  readonly kind: 'hash';
  /** Stays open until the job has ended; so in the other jobs. */
  readonly fd: number;
  readonly firstBlock: number;
  readonly blockCount: number;
  /** One Int32, a `JobControl`. */
  readonly control: SharedArrayBuffer;
}

/** Open, hash and close small files of one open folder, without following a symlink: the answers are in `files` of the reply. */
export interface HashFilesJob {
  readonly kind: 'hash-files';
  readonly files: readonly SmallFile[];
  readonly control: SharedArrayBuffer;
}

export interface SmallFile extends ExpectedFile {
  /** Resolved from an open folder where the system can do that. */
  readonly path: string;
}

/** The answer is the SHA-256 of a whole open file. */
export interface SumJob extends ExpectedFile {
  readonly kind: 'sum';
  readonly fd: number;
  readonly control: SharedArrayBuffer;
}

/** What jobs under way look at between two pieces of work. */
export const JobControl = { RUN: 0, STOP: 1, WAIT: 2 } as const;

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

/** Copy blocks from one open file into another, each only if it hashes to its entry in `hashes`. */
export interface CopyJob {
  readonly kind: 'copy';
  readonly from: number;
  readonly fd: number;
  readonly blocks: readonly BlockMove[];
  readonly hashes: Uint8Array;
}

/** In bytes. */
export interface BlockMove {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

export type BlockJob = HashJob | HashFilesJob | SumJob | WriteJob | RecheckJob | CopyJob;

/** `code` is one of `FileStoreErrorCode`, or ABORTED. */
export interface JobFailure {
  readonly code: 'CHANGED' | 'NOT_FOUND' | 'HASH_MISMATCH' | 'NO_SPACE' | 'IO' | 'ABORTED';
  readonly message: string;
}

/** What was found out about a small file. */
export type SmallFileReply =
  { readonly hashes: Uint8Array; readonly sha256: Uint8Array } | { readonly failure: JobFailure };

export interface JobAnswer {
  /** Of hash jobs the hashes, of a sum job the sum, of recheck and copy jobs one byte a block: 1 = good. */
  readonly bytes?: Uint8Array;
  readonly files?: readonly SmallFileReply[];
}

export type JobReply =
  | ({ readonly job: number; readonly type: 'done' } & JobAnswer)
  | { readonly job: number; readonly type: 'failed'; readonly failure: JobFailure };
