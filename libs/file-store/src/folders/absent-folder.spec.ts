import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { Database } from '../database/database';
import { FileStore } from '../file-store';
import { OPEN_LIMITS } from '../testing/store-folder';

describe('a folder that goes while the store is open', () => {
  let base: string;
  let database: Database;
  let store: FileStore;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'ferry-absent-'));
  });
  afterEach(async () => {
    await store.close();
    database.close();
    execFileSync('sh', ['-c', `umount -l ${base}/shared 2>/dev/null || true`]);
    await rm(base, { recursive: true });
  });

  async function open(): Promise<void> {
    await writeFile(join(base, 'shared/file.txt'), 'content');
    database = Database.open(join(base, 'data/ferry.sqlite'));
    store = await FileStore.open({
      database,
      sharedDir: join(base, 'shared'),
      receivedDir: join(base, 'received'),
      limits: OPEN_LIMITS,
      standInDir: join(base, 'data/absent'),
      privateDirs: [join(base, 'data')],
    });
    await store.firstScan;
    await until(() => list()[0]?.state === 'ready');
  }
  const list = () => store.entries.list({ scope: 'shared' }).items;
  /** The folder is looked at from time to time; that is what is waited for. */
  async function until(isReached: () => boolean): Promise<void> {
    const end = Date.now() + 20_000;
    while (!isReached()) {
      if (Date.now() > end) throw new Error('not reached');
      await later(20);
    }
  }
  const isAbsent = () => store.unusableFolders().length === 1;

  it('keeps its list, says that it is gone, and is used when it is back, or made anew', async () => {
    await mkdir(join(base, 'shared'));
    await open();
    const before = list();
    await rename(join(base, 'shared'), join(base, 'away'));
    await until(isAbsent);
    expect(list()).toEqual(before);
    await expect(store.openForRead(before[0]?.id ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(list()).toEqual(before);
    await rename(join(base, 'away'), join(base, 'shared'));
    await until(() => !isAbsent());
    await (await store.openForRead(before[0]?.id ?? '')).close();
    expect(list()).toEqual(before);
    await rm(join(base, 'shared'), { recursive: true });
    await until(isAbsent);
    await mkdir(join(base, 'shared'));
    await writeFile(join(base, 'shared/other.txt'), 'other');
    await until(
      () =>
        !isAbsent() &&
        list()
          .map(({ name }) => name)
          .join() === 'other.txt',
    );
  });

  it('is followed to another one that takes its name', async () => {
    await mkdir(join(base, 'shared'));
    await mkdir(join(base, 'next'));
    await open();
    await writeFile(join(base, 'next/next.txt'), 'next');
    await rename(join(base, 'shared'), join(base, 'former'));
    await rename(join(base, 'next'), join(base, 'shared'));
    await until(
      () =>
        list()
          .map(({ name }) => name)
          .join() === 'next.txt',
    );
    await writeFile(join(base, 'shared/more.txt'), 'more');
    await until(() => list().length === 2);
  });

  it('is not mistaken for the place where its disk was mounted', async () => {
    await mkdir(join(base, 'shared'));
    await writeFile(join(base, 'shared/below.txt'), 'private');
    const mount = (...args: string[]) => execFileSync('mount', [...args, join(base, 'shared')], { stdio: 'pipe' });
    try {
      mount('-t', 'tmpfs', 'tmpfs');
    } catch {
      await open();
      return console.warn('skipped: file systems cannot be mounted here');
    }
    await open();
    const before = list();
    execFileSync('umount', ['-l', join(base, 'shared')]);
    await until(isAbsent);
    expect(list()).toEqual(before);
    expect(before.map(({ name }) => name)).toEqual(['file.txt']);
  });
});
