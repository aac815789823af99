/**
 * How much of an accepted offer the receiver has verified, as far as it told. Two sources tell: `blocks.available` at once but
 * not of all files, `transfer.status` now and then but of all. Both never tell too much of what was there, so the higher one counts.
 */
export class OfferProgress {
  acceptedBytes: number;
  /** By file id. */
  private readonly files = new Map<string, number>();
  private told = 0;
  private reported = 0;

  constructor(private readonly offeredBytes: number) {
    this.acceptedBytes = offeredBytes;
  }

  get doneBytes(): number {
    return Math.min(Math.max(this.told, this.reported), this.acceptedBytes);
  }

  /** @param bytes of this file that the receiver has. @returns whether that moves the whole. */
  tell(fileId: string, bytes: number): boolean {
    const before = this.doneBytes;
    const known = this.files.get(fileId) ?? 0;
    if (bytes <= known) return false;
    this.files.set(fileId, bytes);
    this.told += bytes - known;
    return this.doneBytes !== before;
  }

  /** @returns whether that is news. */
  report(doneBytes: number, acceptedBytes: number): boolean {
    const before = `${this.doneBytes} ${this.acceptedBytes}`;
    this.reported = doneBytes;
    this.acceptedBytes = Math.min(acceptedBytes, this.offeredBytes);
    return `${this.doneBytes} ${this.acceptedBytes}` !== before;
  }
}
