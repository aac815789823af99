import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { BLOCK_BYTES, HASH_BYTES, LEAF_PREFIX } from '@ferry/protocol';
import { FileStoreError } from '../file-store-error';
import type { BlockJob, JobFailure, JobReply, WorkerSettings } from './block-jobs';

const PROGRESS_BLOCKS = 64;

/** Takes the hashes of a batch of blocks (an array of its own) and the bytes hashed so far. */
export type PartListener = (hashes: Uint8Array, doneBytes: number) => void;

interface PendingJob {
  readonly resolve: (good: Uint8Array | undefined) => void;
  readonly reject: (error: Error) => void;
  readonly onPart: PartListener | undefined;
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

  constructor(
    private readonly size: number,
    private readonly file = blockWorkerFile(),
  ) {}

  /**
   * @returns of a recheck job, one byte a block: 1 = good.
   * @throws FileStoreError HASH_MISMATCH, CHANGED, NO_SPACE, IO (also when the thread dies); AbortError.
   */
  run(work: BlockJob, onPart?: PartListener): Promise<Uint8Array | undefined> {
    if (this.isClosed) return Promise.reject(new FileStoreError('IO', 'The file store is closed'));
    const job = ++this.lastJob;
    const worker = this.pick();
    return new Promise((resolve, reject) => {
      worker.jobs.set(job, { resolve, reject, onPart });
      worker.thread.postMessage({ job, work });
    });
  }

  /** Ends the threads; jobs under way fail with IO. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.workers].map(({ thread }) => thread.terminate()));
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
        progressBlocks: PROGRESS_BLOCKS,
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
    if (reply.type === 'part') {
      pending.onPart?.(reply.bytes, reply.doneBytes);
      return;
    }
    worker.jobs.delete(reply.job);
    if (reply.type === 'done') pending.resolve(reply.good);
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

function jobError({ code, message }: JobFailure): Error {
  return code === 'ABORTED' ? new DOMException(message, 'AbortError') : new FileStoreError(code, message);
}

/** The bundled worker beside this file if there is one, else its source. @throws FileStoreError IO when there is neither. */
function blockWorkerFile(): string {
  const found = ['block-worker.js', 'block-worker.ts'].map((name) => join(__dirname, name)).find(existsSync);
  if (found) return found;
  throw new FileStoreError('IO', 'The program is incomplete: block-worker.js is missing. Build it again');
}
