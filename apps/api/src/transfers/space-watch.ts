import { FileStore } from '@ferry/file-store';
import { formatBytes } from '@ferry/protocol';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { SpaceRetries } from './space-retries';
import { TransferRegister } from './transfer-register';
import { stagingKey } from './transfer-rows';
import { TransfersRepository } from './transfers.repository';

/** The free space is looked at so often while a transfer waits for it. docs/LIMITS.md. */
const CHECK_MS = 5_000;

/** The missing bytes are told again when they have changed by so much. */
const TOLD_AGAIN_BYTES = 1024 * 1024;

/** Transfers that were paused because the disk is full, and go on by themselves when what is to come of them fits. */
@Injectable()
export class SpaceWatch implements OnModuleDestroy {
  private readonly logger = new Logger(SpaceWatch.name);
  private readonly retries = new SpaceRetries();
  /** What is to come of a waiting transfer does not change meanwhile. */
  private readonly neededBytes = new Map<string, number>();
  private readonly subscriptions: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> | undefined;
  private isCheckDue = false;
  private onRoom: (() => void) | undefined;

  constructor(
    private readonly repository: TransfersRepository,
    private readonly register: TransferRegister,
    private readonly store: FileStore,
  ) {}

  /** Begins to watch, also for transfers that an earlier run of the node paused. @param onRoom called when some are queued again. */
  open(onRoom: () => void): void {
    this.onRoom = onRoom;
    const { entries, trashBin } = this.store;
    this.subscriptions.push(entries.onChange(({ type }) => type === 'removed' && this.checkSoon()));
    this.subscriptions.push(trashBin.onChange(() => this.checkSoon()));
    this.checkSoon();
  }

  async onModuleDestroy(): Promise<void> {
    this.onRoom = undefined;
    clearInterval(this.timer);
    for (const unsubscribe of this.subscriptions) unsubscribe();
    await this.checking;
  }

  /** Bytes that are to come of a transfer and have no room yet, as far as it is not staged already. */
  needed(id: string): number {
    const staged = this.repository
      .runningPositions(id)
      .reduce((sum, position) => sum + this.store.staging.stagedBytes(stagingKey({ transferId: id, position })), 0);
    return Math.max(this.repository.bytesToCome(id) - staged, 0);
  }

  /** A transfer was paused for want of space. @param verifiedBytes how far it got. */
  added(id: string, verifiedBytes: number): void {
    this.retries.failed(id, verifiedBytes);
    this.neededBytes.delete(id);
    this.checkSoon();
  }

  /** A transfer is over. */
  forget(id: string): void {
    this.retries.forget(id);
  }

  /** Looks at the free space now, unless nobody waits for it; once for all who do. */
  checkSoon(): void {
    if (!this.onRoom) return;
    if (this.checking) {
      this.isCheckDue = true;
      return;
    }
    this.isCheckDue = false;
    this.checking = this.check()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'the free space could not be looked at'))
      .finally(() => {
        this.checking = undefined;
        if (this.isCheckDue) this.checkSoon();
      });
  }

  private async check(): Promise<void> {
    if (this.keepTimer(this.repository.waitingForSpace()).length === 0) return;
    let available = await this.store.staging.availableBytes();
    let hasQueued = false;
    for (const id of this.repository.waitingForSpace()) {
      const needed = this.neededBytes.get(id) ?? this.needed(id);
      this.neededBytes.set(id, needed);
      // What does not fit claims nothing: a large transfer must not keep a small one waiting.
      if (needed > available) this.tell(id, needed - available);
      else if (this.retries.mayTry(id)) {
        this.queue(id);
        available -= needed;
        hasQueued = true;
      }
    }
    this.keepTimer(this.repository.waitingForSpace());
    if (hasQueued) this.onRoom?.();
  }

  private queue(id: string): void {
    this.neededBytes.delete(id);
    this.register.become(id, 'queued', { errorCode: null, errorDetail: null, missingBytes: null });
  }

  private tell(id: string, missingBytes: number): void {
    const { missingBytes: told } = this.register.get(id);
    if (told !== null && Math.abs(told - missingBytes) < TOLD_AGAIN_BYTES) return;
    this.register.note(id, { missingBytes, errorDetail: waitingDetail(missingBytes) });
  }

  /** Ticks only while somebody waits. */
  private keepTimer(waiting: readonly string[]): readonly string[] {
    if (waiting.length === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      this.neededBytes.clear();
    } else if (this.onRoom) this.timer ??= setInterval(() => this.checkSoon(), CHECK_MS).unref();
    return waiting;
  }
}

/** One sentence or two for the user. */
export function waitingDetail(missingBytes: number): string {
  const room = missingBytes > 0 ? `${formatBytes(missingBytes)} more must become free` : 'The disk takes no more';
  return `The disk of the received files is full. ${room}; the transfer goes on by itself then.`;
}
