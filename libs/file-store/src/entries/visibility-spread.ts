import type { Database } from '../database/database';
import { SCAN_BATCH } from '../limits';
import { TaskQueue } from '../share/task-queue';
import type { EntryRow } from './entry-row';
import type { EntryTable } from './entry-table';
import { EntryViewers } from './entry-viewers';
import type { Shown } from './gone-entries';

/** How far spreading came: the path of the folder then, and the last path below it. */
interface Position {
  readonly folder: string;
  readonly after: string;
}

/** Shows what lies below a folder to those whom the folder is shown to: step by step, and over a restart. */
export class VisibilitySpread {
  private readonly viewers: EntryViewers;
  private readonly tasks = new TaskQueue();
  private isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly table: EntryTable,
    private readonly apply: (row: EntryRow, shown: Shown) => void,
  ) {
    this.viewers = new EntryViewers(database);
  }

  /** Notes that what lies below a folder is to follow it; `finish` does it. */
  plan({ rowId }: EntryRow): void {
    this.database.prepare('INSERT OR IGNORE INTO visibility_spread (row_id) VALUES (?)').run(rowId);
  }

  /** Does what is planned; resolves when nothing is left. */
  finish(): Promise<void> {
    return this.tasks.run(() => this.work());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.tasks.idle();
  }

  private async work(): Promise<void> {
    for (let rowId = this.next(); rowId !== undefined && !this.isClosed; rowId = this.next()) {
      await this.spread(rowId);
    }
  }

  private async spread(rowId: number): Promise<void> {
    let position: Position | undefined = { folder: '', after: '' };
    while (position && !this.isClosed) {
      const from: Position = position;
      position = await this.database.batch(() => this.step(rowId, from));
    }
  }

  /** @returns where to go on; nothing at the end. */
  private step(rowId: number, position: Position): Position | undefined {
    const folder = this.table.byRowId(rowId);
    if (!folder || folder.trashedAt !== null) return this.forget(rowId);
    const after = folder.path === position.folder ? position.after : ''; // renamed meanwhile: from the first again
    const shown = { visibility: folder.visibility, viewers: this.viewers.of(folder) };
    const rows = this.table.below(folder.scope, folder.path, after, SCAN_BATCH);
    const last = rows.at(-1);
    if (!last) return this.forget(rowId);
    for (const row of rows) if (!this.isShown(row, shown)) this.apply(row, shown);
    return { folder: folder.path, after: last.path };
  }

  private isShown(row: EntryRow, { visibility, viewers }: Shown): boolean {
    return row.visibility === visibility && this.viewers.of(row).join() === [...viewers].sort().join();
  }

  private next(): number | undefined {
    const row = this.database.prepare('SELECT row_id AS rowId FROM visibility_spread LIMIT 1').get();
    return row && Number(row['rowId']);
  }

  private forget(rowId: number): undefined {
    this.database.prepare('DELETE FROM visibility_spread WHERE row_id = ?').run(rowId);
  }
}
