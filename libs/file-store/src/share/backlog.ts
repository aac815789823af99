import type { EntryRow } from '../entries/entry-row';
import { SCAN_BATCH, SETTLE_MS } from '../limits';

/** The first entries that wait for the work and are free. */
export type FetchBacklog = (count: number, isFree: (rowId: number) => boolean) => EntryRow[];

/** The entries that wait for some work, in the order of the database; it knows which of them may not be begun now. */
export class Backlog {
  private readonly running = new Map<number, Promise<void>>();
  /** When their time comes, in the order of that. */
  private readonly settling = new Map<number, number>();
  private settled: NodeJS.Timeout | undefined;
  /** Could not be read; tried again after a change or a restart. */
  private readonly failed = new Set<number>();
  /** Read ahead. */
  private next: EntryRow[] = [];

  constructor(
    private readonly fetch: FetchBacklog,
    private readonly onSettled: () => void,
  ) {}

  /** Entries that are being worked on. */
  get size(): number {
    return this.running.size;
  }

  /** The next entry, which stays the next one until it is begun. */
  peek(): EntryRow | undefined {
    const free = this.next.findIndex((row) => this.isFree(row.rowId));
    this.next.splice(0, free === -1 ? this.next.length : free);
    if (this.next.length === 0) this.next = this.fetch(SCAN_BATCH, (rowId) => this.isFree(rowId));
    return this.next[0];
  }

  /** That one and those right behind it that go together with it, at most `count` of them. */
  peekRun(count: number, goesWith: (row: EntryRow, first: EntryRow) => boolean): EntryRow[] {
    const first = this.peek();
    if (!first) return [];
    const run: EntryRow[] = [];
    for (const row of this.next) {
      if (run.length === count || !goesWith(row, first)) break;
      if (this.isFree(row.rowId)) run.push(row);
    }
    return run;
  }

  /** Forgets what was read ahead: there may be something that comes before it now. */
  refresh(): void {
    this.next = [];
  }

  isFree(rowId: number): boolean {
    return !this.running.has(rowId) && !this.settling.has(rowId) && !this.failed.has(rowId);
  }

  /** @param work must not reject. */
  begin(rows: readonly EntryRow[], work: Promise<void>): void {
    for (const { rowId } of rows) this.running.set(rowId, work);
    this.next = this.next.filter(({ rowId }) => !this.running.has(rowId)); // when it ends, it waits no more
  }

  end(rows: readonly EntryRow[]): void {
    for (const { rowId } of rows) this.running.delete(rowId);
  }

  /** The work on an entry, if it is begun. */
  workOn(rowId: number): Promise<void> | undefined {
    return this.running.get(rowId);
  }

  /** Leaves an entry alone until it was quiet for a moment: someone is still writing it. */
  settle({ rowId }: EntryRow): void {
    this.failed.delete(rowId);
    this.settling.delete(rowId); // to the end of the order
    this.settling.set(rowId, Date.now() + SETTLE_MS);
    this.settled ??= setTimeout(() => this.endSettling(), SETTLE_MS).unref();
  }

  fail({ rowId }: EntryRow): void {
    this.failed.add(rowId);
  }

  /** Gives up waiting, and resolves when nothing is being worked on. */
  async close(): Promise<void> {
    clearTimeout(this.settled);
    this.settling.clear();
    await Promise.all(this.running.values());
  }

  private endSettling(): void {
    const now = Date.now();
    for (const [rowId, time] of this.settling) {
      if (time > now) break;
      this.settling.delete(rowId);
    }
    this.settled = this.settling.size > 0 ? setTimeout(() => this.endSettling(), SETTLE_STEP_MS).unref() : undefined;
    this.onSettled();
  }
}

/** Entries that settled are looked for so often: of 10,000 that were copied into the share each has its own time. */
const SETTLE_STEP_MS = SETTLE_MS / 5;
