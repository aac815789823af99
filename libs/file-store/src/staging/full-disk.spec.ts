import { readFile, readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BLOCK_BYTES } from '@ferry/protocol';
import { STAGING_FOLDER } from '../disk/root';
import { FREE_SPACE_RESERVE_BYTES } from '../limits';
import { type TestContent, makeContent, publish, writeBlocks } from '../testing/content';
import { SmallDisk } from '../testing/small-disk';
import { StoreFolder } from '../testing/store-folder';

const MIB = 1024 * 1024;
/** Beside the reserve. */
const ROOM_MIB = 12;
const DISK_MIB = FREE_SPACE_RESERVE_BYTES / MIB + ROOM_MIB;
const noSpace = (missingBytes: unknown) => expect.objectContaining({ code: 'NO_SPACE', missingBytes });

describe('a disk that is full', () => {
  let folder: StoreFolder;
  let disk: SmallDisk | undefined;

  beforeEach(async () => {
    folder = await StoreFolder.create();
  });
  afterEach(async () => {
    await folder.close();
    disk?.unmount();
    await folder.remove();
  });

  const openFile = ({ request }: TestContent) => folder.store.staging.open(request);
  /** Resolves when the store has looked at the disk again, and found what we know. */
  async function untilSeen(isSeen: (availableBytes: number) => boolean): Promise<void> {
    while (!isSeen(await folder.store.staging.availableBytes())) await nextTurn();
  }

  async function withSmall(root: 'shared' | 'received', test: (disk: SmallDisk) => Promise<void>): Promise<void> {
    disk = SmallDisk.mount(folder[root](), DISK_MIB);
    if (!disk) return;
    await folder.open();
    await test(disk);
  }

  it('refuses a file that does not fit beside the others that are coming, and says how much is missing', () =>
    withSmall('received', async ({ freeBytes }) => {
      const available = freeBytes - FREE_SPACE_RESERVE_BYTES;
      await openFile(makeContent(8 * MIB, 'a.bin', 'a'));
      const tooLittle = 8 * MIB + 8 * MIB - available;
      await expect(openFile(makeContent(8 * MIB, 'b.bin', 'b'))).rejects.toEqual(noSpace(tooLittle));
      expect(await readdir(folder.received(STAGING_FOLDER))).toHaveLength(1);
      await openFile(makeContent(ROOM_MIB * MIB - 8 * MIB - 64 * 1024, 'c.bin', 'c'));
    }));

  it('stops the writing before it takes of the reserve, keeps what is there, and takes the rest when there is room', () =>
    withSmall('received', async (small) => {
      const content = makeContent(8 * MIB);
      const file = await openFile(content);
      await writeBlocks(file, content, [0, 1]);
      small.fill(FREE_SPACE_RESERVE_BYTES + MIB);
      await untilSeen((bytes) => bytes <= 0); // the file has more than that to come
      await writeBlocks(file, content, [2]);
      await expect(writeBlocks(file, content, [3])).rejects.toEqual(noSpace(5 * MIB));
      await file.close();
      expect(folder.store.staging.stagedBytes(content.request.key)).toBe(3 * MIB);

      small.empty();
      await untilSeen((bytes) => bytes > 5 * MIB);
      const again = await openFile(content);
      expect(again.missingBlocks()).toEqual([3, 4, 5, 6, 7]);
      await writeBlocks(again, content, again.missingBlocks());
      const { path } = await publish(again);
      expect((await readFile(folder.received(path))).equals(content.bytes)).toBe(true);
    }));

  it('says so, too, when the system had no room although there seemed to be some', () =>
    withSmall('received', async (small) => {
      const content = makeContent(8 * MIB);
      const file = await openFile(content);
      small.fill(); // between two looks
      await expect(writeBlocks(file, content, [0])).rejects.toEqual(noSpace(undefined));
      expect(file.missingBlocks()).toContain(0);
      small.empty();
      await untilSeen((bytes) => bytes > 0);
      await writeBlocks(file, content, file.missingBlocks());
      await publish(file);
    }));

  it.each([
    ['whose size is known', 20 * MIB],
    ['whose size is not known', undefined],
  ])('takes no upload %s, and leaves nothing of it', (_, maxBytes) =>
    withSmall('shared', async (small) => {
      const before = small.freeBytes;
      const source = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(BLOCK_BYTES)));
      const target = { name: 'a.bin', ...(maxBytes !== undefined && { maxBytes }) };
      await expect(folder.store.addUpload(source, target)).rejects.toEqual(noSpace(expect.any(Number)));
      expect(await readdir(folder.shared(STAGING_FOLDER))).toEqual([]);
      expect(small.freeBytes).toBe(before);
      expect(source.destroyed).toBe(true);
    }),
  );
});
