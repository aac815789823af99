import type { Database } from '../database/database';
import { INDEX_STEP_BLOCKS, SWEEP_DEAD_PLACES } from '../limits';

interface Place {
  readonly prefix: Uint8Array;
  readonly source: number;
  readonly block: number;
}

/**
 * Takes the places of sources that are gone out of the index, page by page, once there may be many: so that a file that
 * changes costs nothing by the number of its blocks.
 */
export async function sweepDeadPlaces(database: Database, isClosed: () => boolean): Promise<void> {
  const dead = deadPlaces(database);
  if (dead < SWEEP_DEAD_PLACES) return;
  let last: Place = { prefix: new Uint8Array(0), source: 0, block: 0 };
  for (;;) {
    const end = pageEnd(database, last);
    if (isClosed()) return; // it starts again the next time
    const from = last;
    await database.batch(() => deleteDead(database, from, end));
    if (!end) break;
    last = end;
  }
  await database.batch(() => database.prepare('UPDATE block_dead SET places = places - ?').run(dead));
}

/** Places that may be dead. */
export function deadPlaces(database: Database): number {
  return Number(database.prepare('SELECT places FROM block_dead').get()?.['places']);
}

function pageEnd(database: Database, { prefix, source, block }: Place): Place | undefined {
  return database
    .prepare(
      `SELECT prefix, source, block FROM block_place WHERE (prefix, source, block) > (?, ?, ?)
       ORDER BY prefix, source, block LIMIT 1 OFFSET ?`,
    )
    .get(prefix, source, block, INDEX_STEP_BLOCKS - 1) as Place | undefined;
}

function deleteDead(database: Database, from: Place, end: Place | undefined): void {
  const after = [from.prefix, from.source, from.block] as const;
  const dead = 'DELETE FROM block_place WHERE source NOT IN (SELECT source FROM block_source)';
  const page = `${dead} AND (prefix, source, block) > (?, ?, ?)`;
  if (!end) database.prepare(page).run(...after);
  else
    database
      .prepare(`${page} AND (prefix, source, block) <= (?, ?, ?)`)
      .run(...after, end.prefix, end.source, end.block);
}
