import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, FileStoreError } from '@ferry/file-store';
import { ProtocolError, type EntryKind } from '@ferry/protocol';
import { deleteListing } from './delete-transfer';
import { tooManyFiles, type DraftEntry } from './transfer-draft';

/** Entries that peers may list for one transfer, folders with files in them included. docs/LIMITS.md. */
export const MAX_LISTED_ENTRIES = 200_000;

/** Rows looked at in one turn of the event loop. */
const ROWS_PER_STEP = 1_000;

interface ListedRow {
  readonly entryId: string;
  readonly path: string;
  readonly kind: EntryKind;
  readonly origin: number;
}

interface SteppedRow extends ListedRow {
  readonly isWanted: number;
}

/** Below `path`: after `/` in code point order comes `0`. */
const BELOW = `FROM transfer_listing AS below WHERE below.transferId = listed.transferId
  AND below.path > listed.path || '/' AND below.path < listed.path || '0'`;

const CHANGED = 'The folder changed while it was listed, or the list of it is not true. Try again.';

/**
 * The entries that were listed for one draft, in the database: tells what comes twice, what contradicts, and which folders are
 * empty, without holding any of it in memory.
 */
export class ListedEntries {
  private count = 0;

  constructor(
    private readonly database: Database,
    private readonly transferId: string,
  ) {}

  /**
   * Notes entries of one list.
   * @param origin tells the lists apart; what another list held already is left out.
   * @returns the entries that are new.
   * @throws ProtocolError MALFORMED_MESSAGE for the same entry twice in one list; FileStoreError CHANGED for an id under two paths or
   * a path with two ids; TransferError TOO_MANY_FILES.
   */
  async add<T extends DraftEntry>(origin: number, entries: readonly T[]): Promise<T[]> {
    this.count += entries.length;
    if (this.count > MAX_LISTED_ENTRIES) throw tooManyFiles();
    return this.database.batch(() => entries.filter((entry) => this.isNew(origin, entry)));
  }

  /** @throws FileStoreError CHANGED when something was listed below a file of the same list. */
  async assertTree(): Promise<void> {
    const parent = `EXISTS (SELECT 1 ${BELOW} AND below.origin = listed.origin)`;
    for await (const rows of this.steps('file', parent)) if (rows.length > 0) throw changed();
  }

  /** Folders below which nothing was listed, in no order. */
  async *emptyFolders(): AsyncGenerator<readonly DraftEntry[]> {
    for await (const rows of this.steps('folder', `NOT EXISTS (SELECT 1 ${BELOW})`))
      yield rows.map(({ entryId: id, path, kind }) => ({ id, path, kind, size: 0 }));
  }

  /** Forgets all of it. */
  forget(): Promise<void> {
    return deleteListing(this.database, this.transferId);
  }

  private isNew(origin: number, { id, path, kind }: DraftEntry): boolean {
    const known = this.database
      .prepare('SELECT * FROM transfer_listing WHERE transferId = ? AND entryId = ?')
      .get(this.transferId, id) as ListedRow | undefined;
    if (known) {
      if (known.origin !== origin) return false;
      if (known.path !== path) throw changed();
      throw new ProtocolError('MALFORMED_MESSAGE', 'an entry is listed twice');
    }
    const { changes } = this.database
      .prepare(
        'INSERT OR IGNORE INTO transfer_listing (transferId, entryId, origin, path, kind) VALUES (?, ?, ?, ?, ?)',
      )
      .run(this.transferId, id, origin, path, kind);
    if (changes === 0) throw changed();
    return true;
  }

  /** The rows for which `condition` holds, looked at step by step. */
  private async *steps(kind: EntryKind, condition: string): AsyncGenerator<readonly ListedRow[]> {
    const sql = `SELECT *, ${condition} AS isWanted FROM transfer_listing AS listed
      WHERE transferId = ? AND entryId > ? AND kind = ? ORDER BY entryId LIMIT ${ROWS_PER_STEP}`;
    for (let last: string | undefined = ''; last !== undefined;) {
      await nextTurn();
      const rows = this.database.prepare(sql).all(this.transferId, last, kind) as unknown as SteppedRow[];
      yield rows.filter(({ isWanted }) => isWanted === 1);
      last = rows.length < ROWS_PER_STEP ? undefined : rows.at(-1)?.entryId;
    }
  }
}

function changed(): FileStoreError {
  return new FileStoreError('CHANGED', CHANGED);
}
