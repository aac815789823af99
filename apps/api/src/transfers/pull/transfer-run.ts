import type { TransferState } from '@ferry/protocol';
import { TransferMeter } from '../progress/transfer-meter';
import { fileFault } from '../stop-reason';
import type { TransferFileRow, TransferRow } from '../transfer-rows';
import { FileReceiver, type FileReceiverOptions } from './file-receiver';
import { RequestPace } from './request-pace';

/** Files of one transfer under way at once, so that small ones do not wait for each other's round trips and syncs. */
const FILES_AT_ONCE = 8;
/** Larger files come one after the other: one of them keeps wire and disk busy. */
const LARGE_BYTES = 8 * 1024 * 1024;

export interface TransferRunOptions extends Omit<
  FileReceiverOptions,
  'peerId' | 'isOffered' | 'onConflict' | 'meter' | 'pace' | 'onPhase'
> {
  /** Bytes of the transfer that are on this disk before the run. */
  readonly bytesOnDisk: number;
  readonly onState: (state: TransferState) => void;
}

/** `ended`: every file is complete or has failed; `hashing`: the rest waits until its owner has hashed it. */
export type RunResult = 'ended' | 'hashing';

/**
 * One go at a transfer. A file that cannot be had, or may not be received, fails alone; what concerns the way to the peer or
 * the disk stops the run.
 */
export class TransferRun {
  readonly meter: TransferMeter;
  private readonly receiver: FileReceiver;
  private position = -1;
  private pulling = 0;
  private isHashing = false;
  private largeFiles: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly transfer: TransferRow,
    private readonly options: TransferRunOptions,
  ) {
    const { resumedBytes, reusedBytes } = options.repository.sums(transfer.id);
    this.meter = new TransferMeter(options.bytesOnDisk, resumedBytes);
    this.meter.reusedBytes = reusedBytes;
    this.receiver = new FileReceiver({
      ...options,
      peerId: transfer.peerId,
      isOffered: transfer.offerId !== null,
      onConflict: transfer.onConflict,
      meter: this.meter,
      pace: new RequestPace(),
      onPhase: (phase) => this.showPhase(phase),
    });
  }

  /** @throws PeerError, FileStoreError, AbortError */
  async run(signal: AbortSignal): Promise<RunResult> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    let failure: unknown;
    const lane = async (): Promise<void> => {
      for (let file = this.claim(); file; file = this.claim()) {
        either.throwIfAborted();
        await this.receive(file, either);
      }
    };
    const lanes = Array.from({ length: FILES_AT_ONCE }, () =>
      lane().catch((error: unknown) => {
        failure ??= error;
        stop.abort();
      }),
    );
    await Promise.all(lanes);
    signal.throwIfAborted();
    if (failure !== undefined) throw failure;
    if (this.isHashing) return 'hashing';
    this.options.onState('verifying'); // also when the last file was published just before a crash
    return 'ended';
  }

  private claim(): TransferFileRow | undefined {
    const file = this.options.repository.nextFile(this.transfer.id, this.position);
    if (file) this.position = file.position;
    return file;
  }

  private async receive(file: TransferFileRow, signal: AbortSignal): Promise<void> {
    try {
      if (file.kind === 'folder') return await this.makeFolder(file);
      const receive = () => this.receiver.receive(file, signal);
      const result = await (file.size < LARGE_BYTES ? receive() : this.inTurn(receive));
      if (result === 'hashing') this.isHashing = true;
    } catch (error) {
      const fault = signal.aborted ? undefined : fileFault(error);
      if (!fault) throw error;
      const { code: errorCode, detail: errorDetail } = fault;
      await this.options.repository.updateFile(file.transferId, file.position, {
        state: 'failed',
        errorCode,
        errorDetail,
      });
    }
  }

  /** That it is there already is fine, whatever lies in it. */
  private async makeFolder({ transferId, position, path }: TransferFileRow): Promise<void> {
    const { store, repository } = this.options;
    const folder = await store.makeFolder('received', path);
    await repository.completeFile(transferId, position, folder.path);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.largeFiles.then(work);
    this.largeFiles = result.catch(() => undefined); // the next one does not care how this one ended
    return result;
  }

  /** `verifying` is shown for the end only: among many files some are always being published. */
  private showPhase(phase: 'pulling' | 'pulled'): void {
    this.pulling += phase === 'pulling' ? 1 : -1;
    if (phase === 'pulling') this.options.onState('running');
    else if (this.pulling === 0 && !this.hasMore()) this.options.onState('verifying');
  }

  private hasMore(): boolean {
    return this.options.repository.nextFile(this.transfer.id, this.position) !== undefined;
  }
}
