const SAMPLE_MS = 1_000;
/** Weight of one sample in the average: half of it is older than about three and a half seconds. */
const SMOOTHING = 1 - Math.exp(-1 / 5);

/** Counts the bytes of one running transfer. Called for every part that arrives, so it only adds. */
export class TransferMeter {
  /** Content bytes taken from the peer in this run, also those that were dropped later. */
  receivedBytes = 0;
  /** Content bytes here and not yet verified. */
  arrivingBytes = 0;
  /** Bytes of block hashes, and answers about files: they show that the peer does something, and are no content. */
  manifestBytes = 0;
  /** Bytes verified and written, those of earlier runs included. */
  verifiedBytes: number;
  /** Bytes found in staging and not asked for again, over all files of the transfer. */
  resumedBytes: number;
  /** Bytes found in other files of this disk, over all files of the transfer. */
  reusedBytes = 0;
  private sampledBytes = 0;
  private sampledAt: number;
  private average: number | undefined;

  constructor(verifiedBytes: number, resumedBytes: number, now = performance.now()) {
    this.verifiedBytes = verifiedBytes;
    this.resumedBytes = resumedBytes;
    this.sampledAt = now;
  }

  received(count: number): void {
    this.receivedBytes += count;
    this.arrivingBytes += count;
  }

  described(count: number): void {
    this.manifestBytes += count;
  }

  verified(count: number): void {
    this.arrivingBytes -= count;
    this.verifiedBytes += count;
  }

  dropped(count: number): void {
    this.arrivingBytes -= count;
  }

  /** Corrects what is on the disk without having come in this run; negative when less is left than was thought. */
  found(count: number): void {
    this.verifiedBytes += count;
  }

  /** Bytes that were copied from another file of this disk. */
  reused(count: number): void {
    this.verifiedBytes += count;
    this.reusedBytes += count;
  }

  get doneBytes(): number {
    return this.verifiedBytes + this.arrivingBytes;
  }

  /** Takes a speed sample when a second has passed. @returns whether it did. */
  sample(now = performance.now()): boolean {
    const elapsedMs = now - this.sampledAt;
    if (elapsedMs < SAMPLE_MS) return false;
    const speed = ((this.receivedBytes - this.sampledBytes) * 1000) / elapsedMs;
    this.average = this.average === undefined ? speed : this.average + SMOOTHING * (speed - this.average);
    this.sampledAt = now;
    this.sampledBytes = this.receivedBytes;
    return true;
  }

  /** Bytes per second, averaged over about five seconds. */
  get bytesPerSecond(): number {
    return Math.round(this.average ?? 0);
  }

  /** Whole seconds to the end; `undefined` while the speed is unknown or zero. */
  etaSeconds(totalBytes: number): number | undefined {
    const speed = this.bytesPerSecond;
    return speed > 0 ? Math.ceil(Math.max(0, totalBytes - this.doneBytes) / speed) : undefined;
  }
}
