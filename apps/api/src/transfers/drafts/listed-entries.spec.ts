import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@ferry/file-store';
import { insertTransfer } from '../insert-transfer';
import { TransfersRepository } from '../transfers.repository';
import { ListedEntries } from './listed-entries';
import type { DraftEntry } from './transfer-draft';

const file = (path: string, id = path): DraftEntry => ({ id, path, kind: 'file', size: 1 });
const folder = (path: string): DraftEntry => ({ id: path, path, kind: 'folder', size: 0 });

describe('what was listed for a draft', () => {
  let directory: string;
  let database: Database;
  let listed: ListedEntries;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ferry-listed-'));
    database = Database.open(join(directory, 'ferry.sqlite'));
    new TransfersRepository(database);
    const request = { peerId: 'PEER', state: 'pending-approval', onConflict: 'keep-both' } as const;
    listed = new ListedEntries(database, insertTransfer(database, request));
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const code = (value: string) => expect.objectContaining({ code: value }) as Error;

  async function emptyFolders(): Promise<string[]> {
    const found: string[] = [];
    for await (const page of listed.emptyFolders()) found.push(...page.map(({ path }) => path));
    return found.sort();
  }

  it('is new once, whichever list holds it', async () => {
    const a = file('t/a');
    expect(await listed.add(0, [folder('t'), a])).toHaveLength(2);
    expect(await listed.add(1, [a, file('t/b')])).toEqual([file('t/b')]);
  });

  it('may have the same path in two lists, as shared and as received file', async () => {
    await listed.add(0, [file('a', '1')]);
    expect(await listed.add(1, [file('a', '2')])).toHaveLength(1);
  });

  it('cannot hold the same entry twice in one list', async () => {
    await expect(listed.add(0, [file('a'), file('a')])).rejects.toEqual(code('MALFORMED_MESSAGE'));
    await listed.add(0, [file('b')]);
    await expect(listed.add(0, [file('b')])).rejects.toEqual(code('MALFORMED_MESSAGE'));
  });

  it.each<[string, readonly DraftEntry[]]>([
    ['an id under two paths', [file('a', '1'), file('b', '1')]],
    ['a path with two ids', [file('a', '1'), file('a', '2')]],
  ])('has changed meanwhile with %s', async (_what, entries) => {
    await expect(listed.add(0, entries)).rejects.toEqual(code('CHANGED'));
  });

  it('has changed meanwhile with something below a file', async () => {
    await listed.add(0, [folder('t'), file('t/a'), file('t/a b'), file('t/a.b')]);
    await expect(listed.assertTree()).resolves.toBeUndefined();
    await listed.add(0, [file('t/a/b')]);
    await expect(listed.assertTree()).rejects.toEqual(code('CHANGED'));
  });

  it('tells the folders in which nothing lies, also beside names that sort before a slash', async () => {
    await listed.add(0, ['t', 't/a', 't/a!', 't/a/b', 't/z', 't/e'].map(folder));
    await listed.add(1, [file('t/z/file')]);
    expect(await emptyFolders()).toEqual(['t/a!', 't/a/b', 't/e']);
  });

  it('is looked through also when it is long', async () => {
    await listed.add(
      0,
      Array.from({ length: 2_500 }, (_, index) => folder(`t/${index}`)),
    );
    await listed.add(
      0,
      Array.from({ length: 2_499 }, (_, index) => file(`t/${index}/x`)),
    );
    await listed.assertTree();
    expect(await emptyFolders()).toEqual(['t/2499']);
  });

  it('has an end', async () => {
    const page = (at: number) => Array.from({ length: 1_000 }, (_, index) => file(`t/${at}/${index}`));
    for (let at = 0; at < 200; at += 1) await listed.add(0, page(at));
    await expect(listed.add(0, [file('one more')])).rejects.toEqual(code('TOO_MANY_FILES'));
  }, 60_000);

  it('is forgotten', async () => {
    await listed.add(
      0,
      Array.from({ length: 2_500 }, (_, index) => folder(`t/${index}`)),
    );
    await listed.forget();
    expect(await emptyFolders()).toEqual([]);
  });
});
