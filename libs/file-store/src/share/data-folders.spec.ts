import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreFolder } from '../testing/store-folder';

describe('the data folder of a node in the share', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.share('a/file.txt', 'x');
  });
  afterEach(() => folder.remove());

  const REASON = 'data folder of a Ferry node';
  const paths = (scope: 'shared' | 'received' = 'shared') =>
    folder.store.entries
      .list({ scope, limit: 1000 })
      .items.map(({ path }) => path)
      .sort();
  const skipped = () => folder.store.skipped('shared').items;

  it('is left out with all below it, and told of', async () => {
    for (const name of ['identity.key', 'ferry.sqlite', 'backup/copy', 'd/deeper'])
      await folder.share(`a/d/${name}`, 'secret');
    await folder.open();
    expect(paths()).toEqual(['a', 'a/file.txt']);
    expect(skipped()).toEqual([{ scope: 'shared', path: 'a/d', reason: REASON }]);
    await folder.reopen();
    expect(paths()).toEqual(['a', 'a/file.txt']);
    expect(JSON.stringify(folder.changes)).not.toContain('"a/d');
  });

  it('leaves the list when it becomes one while we watch', async () => {
    await folder.share('a/d/identity.key', 'secret');
    await folder.share('a/d/below/x.txt', 'secret');
    await folder.open();
    expect(paths()).toContain('a/d/identity.key');
    await folder.share('a/d/ferry.sqlite', 'secret');
    await folder.eventually(() => (paths().some((path) => path.startsWith('a/d')) ? undefined : true));
    expect(paths()).toEqual(['a', 'a/file.txt']);
    await folder.share('a/d/below/y.txt', 'secret');
    await folder.share('a/z.txt', 'x');
    await folder.sharedEntry('a/z.txt');
    expect(paths()).toEqual(['a', 'a/file.txt', 'a/z.txt']);
    expect(skipped()).toMatchObject([{ path: 'a/d', reason: REASON }]);
  });

  it('leaves the list if it was listed by a former version, and comes when it is none any more', async () => {
    await folder.share('a/d/identity.key', 'secret');
    await folder.open();
    await folder.close();
    await folder.share('a/d/ferry.sqlite', 'secret');
    await folder.open();
    expect(paths()).toEqual(['a', 'a/file.txt']);
    await folder.close();
    await rm(folder.shared('a/d/identity.key'));
    await folder.open();
    expect(paths()).toEqual(['a', 'a/d', 'a/d/ferry.sqlite', 'a/file.txt']);
    expect(skipped()).toEqual([]);
  });

  it('is never listed when it comes as a whole', async () => {
    await folder.open();
    const elsewhere = join(folder.base, 'elsewhere');
    await mkdir(join(elsewhere, 'd'), { recursive: true });
    for (const name of ['d/identity.key', 'd/ferry.sqlite', 'file.txt']) await writeFile(join(elsewhere, name), 'x');
    await rename(join(elsewhere, 'd'), folder.shared('d'));
    await rename(elsewhere, folder.shared('new'));
    await rename(folder.shared('d'), folder.shared('new/d'));
    await folder.sharedEntry('new/file.txt');
    expect(paths()).toEqual(['a', 'a/file.txt', 'new', 'new/file.txt']);
    expect(JSON.stringify(folder.changes)).not.toContain('identity.key');
  });

  it('is nothing special among received files: a peer cannot take a folder off the list with two names', async () => {
    await mkdir(folder.received('p'), { recursive: true });
    for (const name of ['identity.key', 'ferry.sqlite']) await writeFile(folder.received(`p/${name}`), 'x');
    await folder.open();
    expect(paths('received')).toEqual(['p', 'p/ferry.sqlite', 'p/identity.key']);
  });
});
