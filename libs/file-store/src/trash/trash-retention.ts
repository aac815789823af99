import { TRASH_PURGE_INTERVAL_MS } from '../limits';
import { TaskQueue } from '../share/task-queue';
import type { Trash } from './trash';

/** Items read from the database in one go. */
const ITEMS_PER_STEP = 100;

export interface TrashRetentionOptions {
  /** Those that are open now. */
  readonly trashes: () => readonly Trash[];
  /** Milliseconds; 0 = for ever. */
  readonly retentionMs: number;
  /** Told of what could not be deleted; it is tried again at the next look. */
  readonly onFailure: (reason: string) => void;
}

/** Deletes for good what has lain in the trash for long enough: at the start, every hour, and when the time allowed changes. */
export class TrashRetention {
  private readonly tasks = new TaskQueue();
  private readonly timer = setInterval(() => void this.purgeOld(), TRASH_PURGE_INTERVAL_MS).unref();
  private allowedMs: number;
  private isClosed = false;

  constructor(private readonly options: TrashRetentionOptions) {
    this.allowedMs = options.retentionMs;
    void this.tasks.run(async () => {
      for (const trash of options.trashes()) await this.attempt(() => trash.resumePurges());
    });
    void this.purgeOld();
  }

  get retentionMs(): number {
    return this.allowedMs;
  }

  /** Resolves when what is too old by that is deleted. */
  set(retentionMs: number): Promise<void> {
    this.allowedMs = retentionMs;
    return this.purgeOld();
  }

  /** Deletes everything in the trash. @throws what the last item failed with that could not be deleted. */
  purgeAll(): Promise<void> {
    return this.tasks.run(async () => {
      const failures: unknown[] = [];
      const keep = (error: unknown) => failures.push(error);
      for (const trash of this.options.trashes()) await this.purgeBefore(trash, Number.MAX_SAFE_INTEGER, keep);
      if (failures.length > 0) throw failures.at(-1);
    });
  }

  /** Ends after the item that is being deleted. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    await this.tasks.idle();
  }

  private purgeOld(): Promise<void> {
    return this.tasks.run(async () => {
      if (this.allowedMs === 0) return;
      const time = Date.now() - this.allowedMs;
      const tell = (error: unknown) => this.tell(error);
      for (const trash of this.options.trashes()) await this.purgeBefore(trash, time, tell);
    });
  }

  private async purgeBefore(trash: Trash, time: number, onError: (error: unknown) => void): Promise<void> {
    const failed = new Set<number>();
    while (!this.isClosed) {
      const items = trash.table.before(trash.place, time, ITEMS_PER_STEP + failed.size);
      const next = items.filter(({ rowId }) => !failed.has(rowId));
      if (next.length === 0) return;
      for (const { rowId } of next) {
        if (this.isClosed) return;
        await trash.purge(rowId).catch((error: unknown) => {
          failed.add(rowId);
          onError(error);
        });
      }
    }
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.tell(error));
  }

  private tell(error: unknown): void {
    this.options.onFailure(error instanceof Error ? error.message : 'the trash cannot be emptied');
  }
}
