import type { Database } from '../database/database';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { inSteps } from '../entries/row-steps';
import type { TrashPlace, TrashRow, TrashTable } from './trash-table';

/** What putting something into the trash and taking it out means for the list. A folder takes many steps, which a later process may go on with. */
export class TrashEntries {
  constructor(
    private readonly place: TrashPlace,
    private readonly table: TrashTable,
    private readonly database: Database,
    private readonly index: EntryIndex,
  ) {}

  /** Off the list: the thing itself first, then step by step what lies below it. */
  async hide({ id, rowId }: EntryRow): Promise<void> {
    await this.database.batch(() => {
      const row = this.index.table.get(id); // as it is now: it may be hashed meanwhile
      if (row?.trashedAt !== null) return;
      const trashedAt = this.table.freshTime();
      this.index.moveToTrash(row, trashedAt);
      this.table.insert(row, this.place.root, trashedAt, row.kind === 'folder' ? 'hiding' : 'kept');
    });
    const item = this.table.get(this.place, rowId);
    if (item?.trashState === 'hiding') await this.hideBelow(item);
  }

  async hideBelow({ rowId, scope, fromPath, deletedAt }: TrashRow): Promise<void> {
    await inSteps(
      this.database,
      (limit) => this.index.table.below(scope, fromPath, '', limit),
      (row) => this.index.moveToTrash(row, deletedAt),
      () => this.table.change(rowId, 'hiding', 'kept'),
    );
  }

  /** Listed again at `path`: the thing itself, then what lies below it; then it is no item of the trash any more. */
  async list(item: TrashRow, path: string): Promise<EntryRow> {
    const listed = await this.database.batch(() => {
      const row = this.index.table.get(item.id) ?? item;
      return row.trashedAt === null ? row : this.index.restore(row, path);
    });
    const restore = (row: EntryRow) => void this.index.restore(row, path + row.path.slice(item.fromPath.length));
    await inSteps(this.database, this.below(item), restore, () => this.table.delete(item.rowId));
    return listed;
  }

  /** Deletes the entries of an item; it is one no more. */
  async forget(item: TrashRow): Promise<void> {
    const forget = ({ rowId }: EntryRow) => this.index.table.delete(rowId);
    await inSteps(this.database, this.below(item), forget, () => forget(item));
  }

  private below(item: TrashRow): (limit: number) => EntryRow[] {
    return (limit) => (item.kind === 'file' ? [] : this.table.below(item, limit));
  }
}
