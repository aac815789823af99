import { chmod, chown } from 'node:fs/promises';
import { StoreFolder } from '../testing/store-folder';

const NOBODY = 65_534;

describe('what may not be read', () => {
  let folder: StoreFolder;
  const isRoot = process.geteuid?.() === 0;

  /** As root one may read everything. */
  beforeEach(async () => {
    folder = await StoreFolder.create();
    if (!isRoot) return;
    await chown(folder.base, NOBODY, NOBODY);
    process.seteuid?.(NOBODY);
  });
  afterEach(async () => {
    if (isRoot) process.seteuid?.(0);
    await folder.remove();
  });

  const at = (path: string) => folder.store.entries.at('shared', path);
  const skipped = () => folder.store.skipped('shared').items.map(({ path, reason }) => `${path}: ${reason}`);
  const allow = (path: string, mode: number) => chmod(folder.shared(path), mode);

  it('is not listed but told, and listed once it may be read', async () => {
    await folder.share('a/secret.txt', 'secret');
    await folder.share('a/open.txt', 'open');
    await allow('a/secret.txt', 0);
    await folder.open();
    expect(at('a/open.txt')).toBeDefined();
    expect(at('a/secret.txt')).toBeUndefined();
    expect(skipped()).toEqual(['a/secret.txt: may not be read: permission denied']);
    await allow('a/secret.txt', 0o600);
    await folder.sharedEntry('a/secret.txt');
    await folder.reopen();
    expect(skipped()).toEqual([]);
  });

  it('keeps its entries with ids and hashes, be it a file or a folder', async () => {
    for (const path of ['a/b/one.txt', 'a/two.txt']) await folder.share(path, path);
    await folder.open();
    const before = [await folder.sharedEntry('a/b/one.txt'), await folder.sharedEntry('a/two.txt'), at('a')];
    await folder.close();
    await allow('a/two.txt', 0);
    await allow('a/b', 0);
    await folder.open();
    expect([at('a/b/one.txt'), at('a/two.txt'), at('a')]).toEqual(before);
    expect(skipped()).toEqual([
      'a/b: the folder cannot be opened: EACCES',
      'a/two.txt: may not be read: permission denied',
    ]);
    await folder.close();
    await allow('a/b', 0o700);
    await allow('a/two.txt', 0o600);
    await folder.open();
    expect([at('a/b/one.txt'), at('a/two.txt'), at('a')]).toEqual(before);
    expect(skipped()).toEqual([]);
  });
});
