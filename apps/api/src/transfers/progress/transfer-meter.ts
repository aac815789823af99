const SAMPLE_MS = 1_000;
/** Weight of one sample in the average: half of it is older than about three and a half seconds. */
const SMOOTHING = 1 - Math.exp(-1 / 5);

/** Counts the bytes of one running transfer. Called for every part that arrives, so it only adds. */
export class TransferMeter {
  /** Content bytes taken from the peer in this run, also those that were dropped later. */
  receivedBytes = 0;
  /** Content bytes here and not yet verified. */
  arrivingBytes = 0;
  /** Bytes verified and written, those of earlier runs included. */
  verifiedBytes: number;
  resumedBytes: number;
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

  verified(count: number): void {
    this.arrivingBytes -= count;
    this.verifiedBytes += count;
  }

  dropped(count: number): void {
    this.arrivingBytes -= count;
  }

  /** Blocks found in staging: here without being asked for again. @param total of all files of the transfer. */
  resumed(count: number, total: number): void {
    this.verifiedBytes += count;
    this.resumedBytes = total;
  }

  /** Forgets what was staged of a file that is pulled anew or goes on later. */
  restarted(completeBytes: number): void {
    this.verifiedBytes = completeBytes;
    this.arrivingBytes = 0;
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
