import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOCK_BYTES, type EntryKind, blockHash, merkleRoot, toHex } from '@ferry/protocol';
import { sha256 } from '../content';
import { Database } from '../database/database';
import { FileStore } from '../file-store';
import { OPEN_LIMITS, StoreFolder } from '../testing/store-folder';

describe('the share', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
  });
  afterEach(() => folder.remove());

  const sharedPaths = (kind: EntryKind = 'file') =>
    folder.store.entries.list({ scope: 'shared', kind, limit: 1000 }).items.map(({ path }) => path);

  /** The content address, computed block by block in the test. */
  function fileIdOfBytes(bytes: Uint8Array): string {
    const hashes: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      hashes.push(blockHash(bytes.subarray(at, at + BLOCK_BYTES), sha256));
    }
    return toHex(merkleRoot(Buffer.concat(hashes), sha256));
  }

  it.each([0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES])(
    'lists and hashes a file of %d bytes',
    async (size) => {
      const bytes = randomBytes(size);
      await folder.share('folder/file.txt', bytes);
      await folder.open();
      const entry = await folder.sharedEntry('folder/file.txt');
      expect(entry).toMatchObject({ name: 'file.txt', size, mediaType: 'text/plain', visibility: 'all-paired' });
      expect(entry.fileId).toBe(fileIdOfBytes(bytes));
      const blocks = Math.ceil(size / BLOCK_BYTES);
      expect(folder.store.entries.blockHashes(entry.id, 0, blocks + 1)).toHaveLength(blocks * 32);
      expect(folder.store.entries.findByFileId(fileIdOfBytes(bytes))?.id).toBe(entry.id);
    },
  );

  it('never lists, follows or opens what is no regular file, and says why', async () => {
    await folder.share('good.txt', 'good');
    await folder.share('../outside/secret.txt', 'secret');
    await symlink('../outside/secret.txt', folder.shared('link.txt'));
    await symlink('../outside', folder.shared('linked'));
    await symlink('.', folder.shared('loop'));
    await symlink('nowhere', folder.shared('dangling'));
    execFileSync('mkfifo', [folder.shared('fifo')]);
    await folder.open();
    await folder.sharedEntry('good.txt');
    expect(sharedPaths()).toEqual(['good.txt']);
    expect(folder.skipped.sort()).toEqual([
      'dangling: symbolic link',
      'fifo: named pipe',
      'link.txt: symbolic link',
      'linked: symbolic link',
      'loop: symbolic link',
    ]);
  });

  it('lists what begins with a dot, except what is its own', async () => {
    for (const path of ['.dot/.file', '.ferry-staging/x', '.ferry-trash/y', 'a/.ferry-z/w'])
      await folder.share(path, path);
    await folder.open();
    expect(sharedPaths()).toEqual(['.dot/.file']);
    expect(sharedPaths('folder')).toEqual(['.dot', 'a']);
    expect(folder.store.skipped('all')).toEqual({ items: [], total: 0 });
  });

  it('skips a name that is not UTF-8 and lists the others, also one that only looks like it', async () => {
    const bad = (name: string) => Buffer.concat([Buffer.from(folder.shared(name)), Buffer.of(0xff)]);
    for (const name of ['good.txt', 'odd\uFFFD']) await folder.share(name, name);
    await writeFile(bad('bad'), 'bad');
    await folder.open();
    expect(sharedPaths()).toEqual(['good.txt', 'odd\uFFFD']);
    expect(folder.skipped).toEqual(['bad\uFFFD: the name is not valid UTF-8']);
    await writeFile(bad('other'), 'bad');
    await folder.share('last.txt', 'last');
    await folder.sharedEntry('last.txt');
    await folder.until(() => folder.store.skipped('shared').total === 2); // the folder may be looked at after the file
    expect(folder.store.skipped('shared').items.map(({ path }) => path)).toEqual(['bad\uFFFD', 'other\uFFFD']);
    await rm(bad('bad'));
    await folder.share('last.txt', 'changed');
    await folder.sharedEntry('last.txt', ({ size }) => size === 7);
    await folder.reopen();
    expect(folder.store.skipped('shared').items.map(({ path }) => path)).toEqual(['other\uFFFD']);
    expect(sharedPaths()).toEqual(['good.txt', 'last.txt', 'odd\uFFFD']);
  });

  it('skips names with control characters, which no peer would take, also when one is given later', async () => {
    for (const path of ['good.txt', 'tab\t.txt', 'c1\u0085.txt', 'del\u007F', 'line\u2028.txt', 'in\n/deep/file.txt'])
      await folder.share(path, path);
    await folder.open();
    expect(sharedPaths()).toEqual(['good.txt']);
    expect(sharedPaths('folder')).toEqual([]);
    const reason = ': the name holds control characters';
    const left = ['c1\u0085.txt', 'del\u007F', 'in\n', 'line\u2028.txt', 'tab\t.txt'];
    expect(folder.skipped.sort()).toEqual(left.map((path) => path + reason));
    await rename(folder.shared('good.txt'), folder.shared('esc\u001B.txt'));
    await folder.share('last.txt', 'last');
    await folder.sharedEntry('last.txt');
    await folder.reopen();
    expect(sharedPaths()).toEqual(['last.txt']);
    expect(folder.store.skipped('shared').items.map(({ path }) => path)).toContain('esc\u001B.txt');
  });

  it('keeps the folders of the node out of a share that holds them', async () => {
    for (const path of ['data/key.pem', 'real/key.pem', 'own.txt']) await folder.share(path, path);
    await symlink('real', folder.shared('link'));
    const database = Database.open(join(folder.base, 'other.sqlite'));
    const store = await FileStore.open({
      ...{ database, sharedDir: folder.shared(), receivedDir: folder.received(), limits: OPEN_LIMITS },
      privateDirs: [folder.shared('data'), folder.shared('link')],
    });
    await store.firstScan;
    expect(store.entries.list({ scope: 'shared' }).items.map(({ path }) => path)).toEqual(['own.txt']);
    await store.close();
    database.close();
  });

  it('lists a file put there by hand, follows its changes and notices its end', async () => {
    await folder.open();
    await folder.share('new/deep/file.txt', 'one');
    const first = await folder.sharedEntry('new/deep/file.txt');
    await folder.share('new/deep/file.txt', 'other');
    const second = await folder.sharedEntry(
      'new/deep/file.txt',
      ({ fileId }) => fileId === fileIdOfBytes(Buffer.from('other')),
    );
    expect(second.id).toBe(first.id);
    await rm(folder.shared('new'), { recursive: true });
    await folder.eventually(() => (sharedPaths('folder').length === 0 ? true : undefined));
    expect(sharedPaths()).toEqual([]);
  });

  it('follows folders that are moved in and renamed, without hashing again', async () => {
    await folder.open();
    await folder.share('../outside/a/file.txt', 'content');
    await rename(folder.shared('../outside'), folder.shared('inside'));
    const entry = await folder.sharedEntry('inside/a/file.txt');
    await rename(folder.shared('inside'), folder.shared('renamed'));
    const renamed = await folder.sharedEntry('renamed/a/file.txt', () => true);
    expect(renamed).toEqual({ ...entry, path: 'renamed/a/file.txt' });
    await folder.share('renamed/a/second.txt', 'second');
    await folder.sharedEntry('renamed/a/second.txt');
    await folder.eventually(() => (sharedPaths().length === 2 ? true : undefined));
  });

  it('keeps ids and hashes over a restart, and notices what happened meanwhile', async () => {
    for (const name of ['same.txt', 'changed.txt', 'gone.txt']) await folder.share(name, name);
    await folder.open();
    const same = await folder.sharedEntry('same.txt');
    const changed = await folder.sharedEntry('changed.txt');
    await folder.sharedEntry('gone.txt');
    await folder.close();
    await folder.share('changed.txt', 'other content');
    await unlink(folder.shared('gone.txt'));
    folder.changes.length = 0;
    await folder.open();
    expect(await folder.sharedEntry('same.txt', () => true)).toEqual(same);
    const now = await folder.sharedEntry('changed.txt');
    expect(now.id).toBe(changed.id);
    expect(now.fileId).not.toBe(changed.fileId);
    expect(sharedPaths()).toEqual(['changed.txt', 'same.txt']);
    expect(folder.changes.some((change) => change.type === 'changed' && change.entry.id === same.id)).toBe(false);
  });

  it('does not take a file for unchanged that was replaced with the same size and time', async () => {
    await folder.share('file.txt', 'one');
    await folder.open();
    const before = await folder.sharedEntry('file.txt');
    const { atime, mtime } = await stat(folder.shared('file.txt'));
    await folder.close();
    await folder.share('twin.txt', 'two');
    await utimes(folder.shared('twin.txt'), atime, mtime);
    await rename(folder.shared('twin.txt'), folder.shared('file.txt'));
    await folder.open();
    const after = await folder.sharedEntry('file.txt');
    expect(after.fileId).not.toBe(before.fileId);
  });

  it('keeps the received folder out of a share that holds it', async () => {
    await folder.share('own.txt', 'own');
    await mkdir(folder.base, { recursive: true });
    await symlink('shared/received', folder.received().replace(/\/$/, ''));
    await folder.share('received/theirs.txt', 'theirs');
    const store = await folder.open();
    expect(sharedPaths()).toEqual(['own.txt']);
    expect(sharedPaths('folder')).toEqual([]);
    const { items } = store.entries.list({ scope: 'received' });
    expect(items).toMatchObject([{ path: 'theirs.txt', visibility: 'none' }]);
  });

  it('goes on hashing after a restart', async () => {
    await folder.share('large.bin', randomBytes(40 * BLOCK_BYTES));
    await folder.open();
    await folder.close();
    await folder.open();
    expect((await folder.sharedEntry('large.bin')).fileId).toHaveLength(64);
  });
});
