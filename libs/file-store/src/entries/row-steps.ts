import type { Database } from '../database/database';
import { MOVED_ROWS_PER_STEP, MOVE_STEP_MS } from '../limits';
import type { EntryRow } from './entry-row';

/**
 * Works on many rows in steps that leave the event loop free: each is one transaction, durable before the next.
 * @param next rows that are still to be worked on, at most so many; `work` takes a row off them.
 * @param finish in the last transaction.
 */
export async function inSteps(
  database: Database,
  next: (limit: number) => readonly EntryRow[],
  work: (row: EntryRow) => void,
  finish: () => void = () => undefined,
): Promise<void> {
  for (let isDone = false; !isDone;) {
    await database.batch(() => {
      const rows = next(MOVED_ROWS_PER_STEP);
      isDone = rows.length === 0;
      if (isDone) return finish();
      const endsAt = performance.now() + MOVE_STEP_MS;
      for (const row of rows) {
        work(row);
        if (performance.now() > endsAt) return;
      }
    });
  }
}
