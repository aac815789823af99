import type { FileEntry } from '@ferry/protocol';
import type { Database } from '../database/database';
import type { Audience, EntryChanges } from './entry-changes';
import type { EntryRow } from './entry-row';

/** Tells of changes of rows once they are committed. */
export class EntryNews {
  constructor(
    private readonly database: Database,
    private readonly changes: EntryChanges,
    private readonly toEntry: (row: EntryRow) => FileEntry,
  ) {}

  /** @param row as it is from now on. */
  tell(type: 'added' | 'changed', row: EntryRow, audience: Audience): void {
    const entry = this.toEntry(row);
    this.database.afterCommit(() => this.changes.emit({ type, entry, audience }));
  }

  tellRemoved({ id, scope }: EntryRow, audience: Audience): void {
    this.database.afterCommit(() => this.changes.emit({ type: 'removed', id, scope, audience }));
  }
}
