import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database/database';
import { type Root, foldersAbove } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { SCAN_BATCH } from '../limits';
import { skipReason } from './listable';

/** What a look at the disk found. */
export interface Seen {
  readonly rowIds: ReadonlySet<number>;
  /** Paths that could not be looked at: of what lies there and below nothing is known. */
  readonly unread: ReadonlySet<string>;
}

export interface SweepOptions {
  readonly root: Root;
  readonly database: Database;
  readonly index: EntryIndex;
  readonly isBusy: (path: string) => boolean;
  readonly isClosed: () => boolean;
}

/** Takes off the list what is at these paths (`''` = everything) or below, was not seen and, looked at once more, is not there for sure. */
export async function sweep(paths: readonly string[], seen: Seen, options: SweepOptions): Promise<void> {
  let unseen: EntryRow[] = [];
  for (const rows of listedAt(paths, options)) {
    if (options.isClosed()) return;
    unseen.push(...rows.filter((row) => !seen.rowIds.has(row.rowId) && !isUnread(row, seen)));
    if (unseen.length < SCAN_BATCH) {
      if (rows.length === SCAN_BATCH) await nextTurn();
      continue;
    }
    await removeGone(unseen, options);
    unseen = [];
  }
  await removeGone(unseen, options);
}

/** Each path's entry, and pages of what lies below. */
function* listedAt(paths: readonly string[], { root: { scope }, index: { table } }: SweepOptions) {
  for (const path of paths) {
    const own = path === '' ? undefined : table.at(scope, path);
    if (own) yield [own];
    let rows: EntryRow[];
    let after = '';
    do {
      yield (rows = table.below(scope, path, after, SCAN_BATCH));
      after = rows.at(-1)?.path ?? after;
    } while (rows.length === SCAN_BATCH);
  }
}

async function removeGone(unseen: readonly EntryRow[], options: SweepOptions): Promise<void> {
  const isGone = await Promise.all(unseen.map((row) => isGoneFor(row, options.root)));
  const gone = unseen.filter((_, at) => isGone[at]);
  if (gone.length > 0) await options.database.batch(() => gone.forEach((row) => removeIfStill(row, options)));
}

function isUnread({ path }: EntryRow, { unread }: Seen): boolean {
  return unread.size > 0 && (unread.has('') || foldersAbove(path).some((above) => unread.has(above)));
}

async function isGoneFor({ path, kind }: EntryRow, root: Root): Promise<boolean> {
  if (skipReason(path) !== undefined) return true; // listed by a version that left out less
  const there = await root.look(path);
  if (there === 'unknown') return false;
  return there === 'gone' || (kind === 'file' ? !there.isFile() : !there.isDirectory());
}

/** While we looked, it may have been renamed or trashed by the user. */
function removeIfStill(row: EntryRow, { index, isBusy }: SweepOptions): void {
  const now = index.table.at(row.scope, row.path);
  if (now?.rowId === row.rowId && !isBusy(row.path)) index.remove(now);
}
