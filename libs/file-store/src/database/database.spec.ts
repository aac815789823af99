import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from './database';

const HOLD_LOCK = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1]);
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE; CREATE TABLE held (x); COMMIT');
  process.stdout.write('held');
  setInterval(() => undefined, 60_000);`;

describe('Database', () => {
  let folder: string;
  let file: string;
  let database: Database | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-database-'));
    file = join(folder, 'data', 'ferry.sqlite');
  });
  afterEach(async () => {
    database?.close();
    await rm(folder, { recursive: true });
  });

  const open = () => (database = Database.open(file));
  const values = (from: Database) =>
    from
      .prepare('SELECT x FROM t ORDER BY x')
      .all()
      .map((row) => row['x']);

  it('is refused to a second process until the first is gone, however it went', async () => {
    open().close();
    const holder = spawn(process.execPath, ['-e', HOLD_LOCK, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(holder, 'exit');
    try {
      await once(holder.stdout, 'data');
      expect(open).toThrow(expect.objectContaining({ code: 'LOCKED' }));
    } finally {
      holder.kill('SIGKILL');
    }
    await ended;
    expect(open).not.toThrow();
  });

  it('says so when the file is no database, and what to do', async () => {
    open().close();
    await writeFile(file, 'something else entirely, and long enough to be looked at'.repeat(100));
    expect(open).toThrow(expect.objectContaining({ code: 'DAMAGED', message: expect.stringContaining('sound copy') }));
  });

  it('runs each migration once and keeps owners apart', () => {
    open().migrate('one', ['CREATE TABLE t (x)']);
    database?.close();
    open().migrate('one', ['CREATE TABLE t (x)', 'INSERT INTO t VALUES (1)']);
    database?.migrate('two', ['INSERT INTO t VALUES (2)']);
    expect(values(opened())).toEqual([1, 2]);
  });

  it('refuses a file that a newer version migrated', () => {
    open().migrate('one', ['CREATE TABLE t (x)', 'INSERT INTO t VALUES (1)']);
    expect(() => database?.migrate('one', ['CREATE TABLE t (x)'])).toThrow(expect.objectContaining({ code: 'IO' }));
  });

  it('undoes all of a transaction that throws, also of one inside it', () => {
    open().migrate('one', ['CREATE TABLE t (x)']);
    const insert = (x: number) => opened().prepare('INSERT INTO t VALUES (?)').run(x);
    const told: number[] = [];
    expect(() =>
      opened().transaction(() => {
        insert(1);
        opened().transaction(() => insert(2));
        opened().afterCommit(() => told.push(1));
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(values(opened())).toEqual([]);
    expect(told).toEqual([]);
  });

  it('commits batched work together, undoing only what failed', async () => {
    open().migrate('one', ['CREATE TABLE t (x)']);
    const told: number[] = [];
    const insert = (x: number) => () => {
      opened().prepare('INSERT INTO t VALUES (?)').run(x);
      opened().afterCommit(() => told.push(x));
      if (x === 2) throw new Error('two');
      return x;
    };
    const results = await Promise.allSettled([1, 2, 3].map((x) => opened().batch(insert(x))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(values(opened())).toEqual([1, 3]);
    expect(told).toEqual([1, 3]);
  });

  it('commits what is still batched when it is closed', async () => {
    open().migrate('one', ['CREATE TABLE t (x)']);
    const batched = opened().batch(() => opened().prepare('INSERT INTO t VALUES (7)').run());
    database?.close();
    await batched;
    expect(values(open())).toEqual([7]);
  });

  function opened(): Database {
    if (!database) throw new Error('open it first');
    return database;
  }
});
