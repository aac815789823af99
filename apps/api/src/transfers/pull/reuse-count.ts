import type { TransferMeter } from '../progress/transfer-meter';
import type { TransferFileRow } from '../transfer-rows';
import type { TransfersRepository } from '../transfers.repository';

/** Least time between two notes in the database of how much was reused. */
const SAVE_MS = 1_000;

/** Counts the bytes of one file that were found on this disk, and keeps the count over restarts. */
export class ReuseCount {
  private savedAt = performance.now();
  private saving: Promise<void> = Promise.resolve();
  private savedBytes: number;

  private constructor(
    private readonly repository: TransfersRepository,
    private readonly meter: TransferMeter,
    private readonly file: TransferFileRow,
    private bytes: number,
  ) {
    this.savedBytes = bytes;
  }

  /** @param stagedBytes verified bytes that an earlier run left: what that run reused of them counts as reused, the rest as resumed. */
  static async begin(
    repository: TransfersRepository,
    meter: TransferMeter,
    file: TransferFileRow,
    stagedBytes: number,
  ): Promise<ReuseCount> {
    const reusedBytes = Math.min(file.reusedBytes, stagedBytes);
    const resumedBytes = stagedBytes - reusedBytes;
    if (resumedBytes !== file.resumedBytes || reusedBytes !== file.reusedBytes) {
      await repository.updateFile(file.transferId, file.position, { resumedBytes, reusedBytes });
      meter.resumedBytes += resumedBytes - file.resumedBytes; // no sum over 100,000 files for each of them
      meter.reusedBytes += reusedBytes - file.reusedBytes;
    }
    return new ReuseCount(repository, meter, file, reusedBytes);
  }

  add(count: number): void {
    this.meter.reused(count);
    this.bytes += count;
    if (performance.now() - this.savedAt >= SAVE_MS) this.save().catch(() => undefined); // met by the next one that is waited for
  }

  /** Resolves when the count is durable. */
  save(): Promise<void> {
    if (this.bytes !== this.savedBytes) {
      const { transferId, position } = this.file;
      this.savedBytes = this.bytes;
      this.savedAt = performance.now();
      this.saving = this.repository.updateFile(transferId, position, { reusedBytes: this.bytes });
    }
    return this.saving;
  }
}
