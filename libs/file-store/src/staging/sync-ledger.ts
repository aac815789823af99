import { asStoreError } from '../file-store-error';
import { MAX_UNSYNCED_BYTES, SYNC_AFTER_BYTES, SYNC_AFTER_MS } from '../limits';

/**
 * Decides when written blocks are synced and committed, and holds writers back when too much waits for it.
 * One sync runs at a time; a failed one fails everything after it.
 */
export class SyncLedger {
  private blocks: number[] = [];
  private waitingBytes = 0;
  private syncingBytes = 0;
  private syncing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failure: Error | undefined;
  private isDraining = false;
  /** Something waited its full time while another sync was under way. */
  private isOverdue = false;

  /** @param commit makes the data of these blocks durable, then their place in the block map. */
  constructor(private readonly commit: (blocks: readonly number[]) => Promise<void>) {}

  /** Resolves when another block may be written. @throws what a sync failed with. */
  async admit(): Promise<void> {
    while (!this.failure && this.waitingBytes + this.syncingBytes >= MAX_UNSYNCED_BYTES) await this.sync();
    if (this.failure) throw this.failure;
  }

  /** Notes a block that was written just now. */
  wrote(block: number, bytes: number): void {
    this.blocks.push(block);
    this.waitingBytes += bytes;
    if (this.waitingBytes >= SYNC_AFTER_BYTES) this.syncSoon();
    else this.timer ??= setTimeout(() => this.timeIsUp(), SYNC_AFTER_MS).unref();
  }

  /** Resolves when everything written is committed. @throws what a sync failed with. */
  async flush(): Promise<void> {
    while (!this.failure && (this.syncing || this.blocks.length > 0)) await this.sync();
    if (this.failure) throw this.failure;
  }

  /** Resolves when no sync is under way; none starts on its own until the next write. */
  async drain(): Promise<void> {
    this.isDraining = true;
    this.stopTimer();
    await this.syncing?.catch(() => undefined); // kept as `failure`
    this.isDraining = false;
  }

  /** Makes all that is written durable by `commit` instead. Only after `drain`. @throws what a sync failed with. */
  async commitRest(commit: () => Promise<void>): Promise<void> {
    if (this.failure) throw this.failure;
    try {
      await commit();
      this.blocks = [];
      this.waitingBytes = 0;
    } catch (error) {
      throw this.fail(error);
    }
  }

  private timeIsUp(): void {
    this.timer = undefined;
    if (this.syncing) this.isOverdue = true;
    else this.syncSoon();
  }

  /** The failure is kept and met by `admit` and `flush`. */
  private syncSoon(): void {
    this.sync().catch(() => undefined);
  }

  private sync(): Promise<void> {
    this.syncing ??= this.syncOnce().finally(() => {
      this.syncing = undefined;
      const isDue = this.waitingBytes >= SYNC_AFTER_BYTES || (this.isOverdue && this.blocks.length > 0);
      this.isOverdue = false;
      if (isDue && !this.failure && !this.isDraining) this.syncSoon();
    });
    return this.syncing;
  }

  private async syncOnce(): Promise<void> {
    this.stopTimer();
    if (this.failure) throw this.failure;
    const blocks = this.blocks;
    this.syncingBytes = this.waitingBytes;
    this.blocks = [];
    this.waitingBytes = 0;
    try {
      await this.commit(blocks);
    } catch (error) {
      throw this.fail(error);
    } finally {
      this.syncingBytes = 0;
    }
  }

  /** After a failed sync the system may have dropped the data: nothing written here counts any more. */
  private fail(error: unknown): Error {
    this.failure = asStoreError(error, 'syncing received data');
    return this.failure;
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
