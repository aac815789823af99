import type { Database } from '@ferry/file-store';
import type { Settings } from '@ferry/protocol';

const MIGRATIONS = [
  `CREATE TABLE setting (
    key TEXT PRIMARY KEY, -- field of Settings
    value TEXT NOT NULL -- JSON
  ) STRICT, WITHOUT ROWID;`,
];

/** Fields that the user has set; all others have the value of the environment. */
export type StoredSettings = { readonly [Key in keyof Settings]?: Settings[Key] };

/** Table `setting`: what the user has set, field by field. */
export class SettingsTable {
  constructor(private readonly database: Database) {
    database.migrate('settings', MIGRATIONS);
  }

  /** Everything that is stored, unchecked: a newer version may have written it. */
  read(): Record<string, unknown> {
    const rows = this.database.prepare('SELECT key, value FROM setting').all();
    return Object.fromEntries(rows.map(({ key, value }) => [String(key), JSON.parse(String(value)) as unknown]));
  }

  /** Stores exactly these fields, durably. */
  write(stored: StoredSettings): void {
    this.database.transaction(() => {
      this.database.prepare('DELETE FROM setting').run();
      const insert = this.database.prepare('INSERT INTO setting (key, value) VALUES (?, ?)');
      for (const [key, value] of Object.entries(stored)) insert.run(key, JSON.stringify(value));
    });
  }
}
