import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '@ferry/file-store';

/** Rows deleted in one turn of the event loop: a transfer may have 100,000 files. */
const ROWS_PER_STEP = 2_000;

/** Deletes a transfer, its files and its listing in steps, the transfer itself at the end. What a crash leaves is a draft still. */
export async function deleteTransfer(database: Database, id: string): Promise<void> {
  const steps = [
    `DELETE FROM transfer_listing WHERE transferId = ?1
     AND entryId IN (SELECT entryId FROM transfer_listing WHERE transferId = ?1 LIMIT ${ROWS_PER_STEP})`,
    `DELETE FROM transfer_files WHERE transferId = ?1
     AND position IN (SELECT position FROM transfer_files WHERE transferId = ?1 LIMIT ${ROWS_PER_STEP})`,
  ];
  for (const sql of steps) await runInSteps(database, sql, id);
  database.prepare('DELETE FROM transfers WHERE id = ?').run(id);
}

/** Forgets what was listed for a transfer. */
export async function deleteListing(database: Database, id: string): Promise<void> {
  const sql = `DELETE FROM transfer_listing WHERE transferId = ?1
     AND entryId IN (SELECT entryId FROM transfer_listing WHERE transferId = ?1 LIMIT ${ROWS_PER_STEP})`;
  await runInSteps(database, sql, id);
}

async function runInSteps(database: Database, sql: string, id: string): Promise<void> {
  for (;;) {
    const deleted = await database.batch(() => Number(database.prepare(sql).run(id).changes));
    if (deleted < ROWS_PER_STEP) return;
    await nextTurn();
  }
}
