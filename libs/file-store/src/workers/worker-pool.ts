import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { BLOCK_BYTES, HASH_BYTES, LEAF_PREFIX } from '@ferry/protocol';
import { FileStoreError } from '../file-store-error';
import type {
  BlockJob,
  HashFilesJob,
  JobAnswer,
  JobFailure,
  JobReply,
  SmallFileReply,
  WorkerSettings,
} from './block-jobs';

interface PendingJob {
  readonly resolve: (answer: JobAnswer) => void;
  readonly reject: (error: Error) => void;
}

export interface WorkerPoolOptions {
  /** Its threads get what is left of the processor, where the system can do that. Default false. */
  readonly isBackground?: boolean;
  /** Default the block worker. */
  readonly file?: string;
}

interface PooledWorker {
  readonly thread: Worker;
  readonly jobs: Map<number, PendingJob>;
}

/**
 * A few threads that hash and write blocks. They start with the first job and do not keep the process alive.
 * A job goes to the thread with the fewest jobs; a thread does its jobs in order.
 */
export class WorkerPool {
  private readonly workers = new Set<PooledWorker>();
  private lastJob = 0;
  private isClosed = false;

  private readonly file: string;

  constructor(
    /** Threads at most. */
    readonly size: number,
    private readonly options: WorkerPoolOptions = {},
  ) {
    this.file = options.file ?? blockWorkerFile();
  }

  /**
   * @returns of a hash job the hashes, of a sum job the sum, of recheck and copy jobs one byte a block: 1 = good.
   * @throws FileStoreError HASH_MISMATCH, CHANGED, NO_SPACE, IO (also when the thread dies); AbortError.
   */
  async run(work: Exclude<BlockJob, HashFilesJob>): Promise<Uint8Array | undefined> {
    return (await this.send(work)).bytes;
  }

  /**
   * @returns what was found out, in the order of the files.
   * @throws FileStoreError IO when the thread dies; AbortError.
   */
  async hashFiles(work: HashFilesJob): Promise<readonly SmallFileReply[]> {
    return (await this.send(work)).files ?? [];
  }

  /** Ends the threads; jobs under way fail with IO. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.workers].map(({ thread }) => thread.terminate()));
  }

  private send(work: BlockJob): Promise<JobAnswer> {
    if (this.isClosed) return Promise.reject(new FileStoreError('IO', 'The file store is closed'));
    const job = ++this.lastJob;
    const worker = this.pick();
    return new Promise((resolve, reject) => {
      worker.jobs.set(job, { resolve, reject });
      worker.thread.postMessage({ job, work });
    });
  }

  private pick(): PooledWorker {
    const idlest = [...this.workers].sort((a, b) => a.jobs.size - b.jobs.size)[0];
    if (idlest && (idlest.jobs.size === 0 || this.workers.size >= this.size)) return idlest;
    return this.start();
  }

  private start(): PooledWorker {
    const thread = new Worker(this.file, {
      workerData: {
        blockBytes: BLOCK_BYTES,
        hashBytes: HASH_BYTES,
        leafPrefix: LEAF_PREFIX,
        isBackground: this.options.isBackground ?? false,
      } satisfies WorkerSettings,
      execArgv: ['--no-warnings'], // of running TypeScript from source
    });
    const worker = { thread, jobs: new Map<number, PendingJob>() };
    this.workers.add(worker);
    thread.on('message', (reply: JobReply) => this.settle(worker, reply));
    thread.on('error', (error) => this.lose(worker, error));
    thread.on('exit', () => this.lose(worker));
    thread.unref();
    return worker;
  }

  private settle(worker: PooledWorker, reply: JobReply): void {
    const pending = worker.jobs.get(reply.job);
    if (!pending) return;
    worker.jobs.delete(reply.job);
    if (reply.type === 'done') pending.resolve(reply);
    else pending.reject(jobError(reply.failure));
  }

  /** A dead thread fails its jobs; the next job starts another. */
  private lose(worker: PooledWorker, cause?: unknown): void {
    this.workers.delete(worker);
    for (const { reject } of worker.jobs.values()) {
      reject(new FileStoreError('IO', 'A worker thread died', { cause }));
    }
    worker.jobs.clear();
  }
}

/** The error that a failure stands for. */
export function jobError({ code, message }: JobFailure): Error {
  return code === 'ABORTED' ? new DOMException(message, 'AbortError') : new FileStoreError(code, message);
}

/** The bundled worker beside this file if there is one, else its source. @throws FileStoreError IO when there is neither. */
function blockWorkerFile(): string {
  const found = ['block-worker.js', 'block-worker.ts'].map((name) => join(__dirname, name)).find(existsSync);
  if (found) return found;
  throw new FileStoreError('IO', 'The program is incomplete: block-worker.js is missing. Build it again');
}
