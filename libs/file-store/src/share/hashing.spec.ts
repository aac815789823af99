import { createHash, randomBytes } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { BLOCK_BYTES } from '@ferry/protocol';
import { SMALL_FILE_BYTES } from '../limits';
import { makeContent, writeBlocks } from '../testing/content';
import { StoreFolder } from '../testing/store-folder';

const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('hashing', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
  });
  afterEach(() => folder.remove());

  const summed = (path: string) => folder.sharedEntry(path, ({ sha256 }) => sha256 !== undefined);

  it.each([0, 1, SMALL_FILE_BYTES, SMALL_FILE_BYTES + 1, 3 * BLOCK_BYTES + 5])(
    'tells the SHA-256 of a file of %d bytes as other programs do',
    async (size) => {
      const bytes = randomBytes(size);
      await folder.share('a/file.bin', bytes);
      await folder.open();
      expect(await summed('a/file.bin')).toMatchObject({ state: 'ready', sha256: sumOf(bytes) });
    },
  );

  it('goes on with the sums after a restart, and tells the new one of a file that changed', async () => {
    const [first, second] = [randomBytes(2 * BLOCK_BYTES), randomBytes(2 * BLOCK_BYTES)];
    await folder.share('file.bin', first);
    await folder.open();
    await folder.sharedEntry('file.bin');
    await folder.reopen();
    expect((await summed('file.bin')).sha256).toBe(sumOf(first));
    await folder.share('file.bin', second);
    const changed = await folder.sharedEntry('file.bin', ({ sha256 }) => sha256 === sumOf(second));
    expect(changed.state).toBe('ready');
  });

  it('sums received files up, too', async () => {
    await folder.open();
    const content = makeContent(2 * BLOCK_BYTES + 1, 'folder/received.bin');
    const staged = await folder.store.staging.open(content.request);
    await writeBlocks(staged, content, [0, 1, 2]);
    await staged.publish();
    const find = () => folder.store.entries.at('received', 'folder/received.bin')?.sha256;
    expect(await folder.eventually(find)).toBe(sumOf(content.bytes));
  });

  it('begins with what somebody waits for', async () => {
    for (let n = 0; n < 6; n++) await folder.share(`${n}.bin`, randomBytes((8 + n) * BLOCK_BYTES));
    await folder.open();
    const last = folder.store.entries.at('shared', '5.bin');
    folder.store.prioritise(last?.id ?? '');
    const isReady = (n: number) => folder.store.entries.at('shared', `${n}.bin`)?.state === 'ready';
    await folder.sharedEntry('5.bin');
    expect([1, 2, 3, 4].filter(isReady)).toEqual([]);
    await summed('5.bin');
    folder.store.prioritise('unknown');
    for (let n = 0; n < 6; n++) await summed(`${n}.bin`);
  });

  it('never keeps what it computed of a file that was changed behind its back', async () => {
    const bytes = randomBytes(BLOCK_BYTES);
    await folder.share('file.bin', bytes);
    await folder.open();
    for (let n = 0; n < 5; n++) {
      await writeFile(folder.shared('file.bin'), bytes.subarray(n));
      await utimes(folder.shared('file.bin'), 1, 1_000 + n);
      await folder.sharedEntry('file.bin', ({ size }) => size === bytes.length - n);
    }
    const last = await folder.sharedEntry(
      'file.bin',
      ({ sha256, size }) => sha256 !== undefined && size === bytes.length - 4,
    );
    expect(last.sha256).toBe(sumOf(bytes.subarray(4)));
  });
});
