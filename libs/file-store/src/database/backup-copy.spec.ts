import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { BACKUP_AFTER_MS } from '../limits';
import { Database } from './database';

const POLL_MS = 50;

describe('the backup copy', () => {
  let folder: string;
  let database: Database;
  let copy: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-backup-'));
    database = Database.open(join(folder, 'ferry.sqlite'));
    database.migrate('one', ['CREATE TABLE t (x)']);
    copy = join(folder, 'backup', 'ferry.sqlite');
  });
  afterEach(async () => {
    database.close();
    await rm(folder, { recursive: true });
  });

  it(
    'is made soon after it was asked for, whole, for the owner alone, and replaces the one before',
    async () => {
      database.prepare('INSERT INTO t VALUES (1)').run();
      await mkdir(join(folder, 'backup'));
      await writeFile(copy, 'the one before');
      database.backupSoon();
      database.backupSoon();
      const endsAt = Date.now() + BACKUP_AFTER_MS + 5_000;
      while ((await readFile(copy, 'latin1')).startsWith('the one') && Date.now() < endsAt) await delay(POLL_MS);
      const restored = new DatabaseSync(copy);
      expect(restored.prepare('SELECT count(*) AS n FROM t').get()?.['n']).toBe(1);
      restored.close();
      expect(await readdir(join(folder, 'backup'))).toEqual(['ferry.sqlite']);
      if (process.platform !== 'win32') expect((await stat(copy)).mode & 0o777).toBe(0o600);
    },
    4 * BACKUP_AFTER_MS,
  );
});
