import { cp, mkdtemp, open as openFile, rm, stat, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from './database';

const PAGE_BYTES = 4_096;

describe('Database, when not all is there that was', () => {
  let folder: string;
  let file: string;
  const opened: Database[] = [];
  let copies = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-lost-'));
    file = join(folder, 'running', 'ferry.sqlite');
  });
  afterEach(async () => {
    for (const database of opened.splice(0)) database.close();
    await rm(folder, { recursive: true });
  });

  function open(path = file): Database {
    const database = Database.open(path);
    opened.push(database);
    database.migrate('one', ['CREATE TABLE t (x)']);
    return database;
  }

  const insert = (database: Database, count: number) =>
    database.transaction(() => {
      for (let row = 0; row < count; row += 1) database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(1_000));
    });
  const count = (database: Database) => database.prepare('SELECT count(*) AS n FROM t').get()?.['n'];

  /** The files as a kill would leave them: the database stays open on the others. */
  async function killed(): Promise<string> {
    const copy = join(folder, `killed-${(copies += 1)}`);
    await cp(join(folder, 'running'), copy, { recursive: true });
    return join(copy, 'ferry.sqlite');
  }

  const damaged = (message: string) =>
    expect.objectContaining({ code: 'DAMAGED', message: expect.stringContaining(message) });

  it('opens after a kill', async () => {
    insert(open(), 100);
    expect(count(open(await killed()))).toBe(100);
  });

  it('opens after a kill whose log has more than was marked', async () => {
    const database = open();
    insert(database, 10);
    const copy = await killed();
    insert(database, 10);
    await cp(`${file}-wal`, `${copy}-wal`);
    expect(count(open(copy))).toBe(20);
  });

  it('opens after a kill whose log was begun anew since it was marked', async () => {
    const database = open();
    insert(database, 100);
    const before = await killed();
    database.prepare('PRAGMA wal_checkpoint(FULL)').get();
    insert(database, 1);
    const copy = await killed();
    await cp(`${before}-mark`, `${copy}-mark`);
    expect(count(open(copy))).toBe(101);
  });

  it('is not alarmed by a rolled back transaction in the log', async () => {
    const database = open();
    insert(database, 10);
    const fail = () =>
      database.transaction(() => {
        database.prepare('PRAGMA cache_spill = 1').get();
        insert(database, 20_000); // more than the cache holds, so that it is in the log before it is undone
        throw new Error('undone');
      });
    expect(fail).toThrow('undone');
    insert(database, 1);
    expect(count(open(await killed()))).toBe(11);
  });

  it('is refused without its log, and goes on without it when the mark is deleted', async () => {
    insert(open(), 10);
    const copy = await killed();
    await rm(`${copy}-wal`);
    expect(() => open(copy)).toThrow(damaged('ferry.sqlite-wal is missing'));
    expect(() => open(copy)).toThrow(damaged('delete ferry.sqlite-mark'));
    await rm(`${copy}-mark`);
    expect(() => open(copy)).not.toThrow();
  });

  it.each([0, 20, 40, 5_000])(
    'is refused when its log was cut off after %d bytes, which it leaves as it is',
    async (bytes) => {
      insert(open(), 10);
      const copy = await killed();
      await truncate(`${copy}-wal`, bytes);
      expect(() => open(copy)).toThrow(damaged('cut off'));
      expect((await stat(`${copy}-wal`)).size).toBe(bytes);
    },
  );

  it('is refused when a part of its log was overwritten', async () => {
    insert(open(), 10);
    const copy = await killed();
    await overwrite(`${copy}-wal`, 6_000, 100, 0xff);
    expect(() => open(copy)).toThrow(damaged('ferry.sqlite-wal is damaged'));
  });

  it('is refused when a single statement was committed a second before its log was lost', async () => {
    const database = open();
    database.prepare('INSERT INTO t VALUES (1)').run();
    const before = await stat(`${file}-mark`);
    await utimes(`${file}-mark`, before.atime, new Date(0));
    while ((await stat(`${file}-mark`)).mtimeMs === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const copy = await killed();
    await truncate(`${copy}-wal`, (await stat(`${copy}-wal`)).size - 1);
    expect(() => open(copy)).toThrow(damaged('cut off'));
  });

  it('is refused when the file itself is gone or empty', async () => {
    insert(open(), 10);
    const copy = await killed();
    await truncate(copy, 0);
    expect(() => open(copy)).toThrow(damaged('missing or empty'));
    await rm(copy);
    expect(() => open(copy)).toThrow(damaged('missing or empty'));
  });

  it('is refused when a page of it was overwritten, again and again', async () => {
    const database = open();
    insert(database, 1_000);
    database.close();
    await overwrite(file, 20 * PAGE_BYTES, PAGE_BYTES);
    expect(open).toThrow(damaged('ferry.sqlite is damaged'));
    expect(open).toThrow(damaged('ferry.sqlite is damaged'));
  });

  it('needs no log after it was closed', async () => {
    const database = open();
    insert(database, 10);
    database.close();
    expect(count(open())).toBe(10);
  });

  async function overwrite(path: string, at: number, bytes: number, fill = 0): Promise<void> {
    const handle = await openFile(path, 'r+');
    await handle.write(Buffer.alloc(bytes, fill), 0, bytes, at);
    await handle.close();
  }
});
