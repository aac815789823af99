import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BLOCK_BYTES } from '@ferry/protocol';
import { makeContent, publish } from '../testing/content';
import { StoreFolder } from '../testing/store-folder';

const NEVER = new AbortController().signal;
const DISK_BYTES = 512 * BLOCK_BYTES;

/** XFS in a file, mounted: it clones. @returns why not, when this machine cannot. */
async function mountCloningDisk(base: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting needs root on Linux';
  const image = await open(join(base, 'image'), 'w');
  await image.truncate(DISK_BYTES);
  await image.close();
  await mkdir(join(base, 'disk'));
  try {
    execFileSync('mkfs.xfs', ['-q', '-f', '-m', 'reflink=1', join(base, 'image')], { stdio: 'pipe' });
    execFileSync('mount', ['-o', 'loop', join(base, 'image'), join(base, 'disk')], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return String(error).split('\n')[0];
  }
}

describe('a file whose twin lies on a disk that clones', () => {
  let base: string;
  let reason: string | undefined;
  let folder: StoreFolder | undefined;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'ferry-clone-'));
    reason = await mountCloningDisk(base);
    if (reason !== undefined) console.warn(`Skipped: cloning on XFS, 2 tests: ${reason}`);
  });
  beforeEach(async () => {
    if (reason !== undefined) return;
    folder = await StoreFolder.create(join(base, 'disk'));
    await folder.open();
  });
  afterEach(() => folder?.remove());
  afterAll(async () => {
    if (reason === undefined) execFileSync('umount', [join(base, 'disk')]);
    await rm(base, { recursive: true });
  });

  const used = async () => {
    const { blocks, bfree, bsize } = await statfs(join(base, 'disk'));
    return (blocks - bfree) * bsize;
  };

  it('shares its space, and is verified before it counts', async () => {
    if (!folder) return;
    const content = makeContent(64 * BLOCK_BYTES + 3);
    await folder.share('twin', content.bytes);
    await folder.sharedEntry('twin');
    execFileSync('sync', ['-f', join(base, 'disk')]);
    const before = await used();
    const file = await folder.store.staging.open(content.request);
    expect(file.verifiedBytes).toBe(0);
    let bytes = 0;
    await file.reuse((count) => (bytes += count), NEVER);
    expect(bytes).toBe(content.bytes.length);
    const { path } = await publish(file);
    execFileSync('sync', ['-f', join(base, 'disk')]);
    expect((await used()) - before).toBeLessThan(8 * BLOCK_BYTES);
    expect((await readFile(folder.received(path))).equals(content.bytes)).toBe(true);
    expect((await stat(folder.received(path))).mode & 0o777).toBe(0o644);
  });

  it('takes over nothing of a twin that changed, and leaves the twin as it is', async () => {
    if (!folder) return;
    const content = makeContent(4 * BLOCK_BYTES);
    await folder.share('twin', content.bytes);
    await folder.sharedEntry('twin');
    const twin = await open(folder.shared('twin'), 'r+');
    const { atime, mtime } = await twin.stat();
    await twin.write('changed', BLOCK_BYTES);
    await twin.utimes(atime, mtime);
    await twin.close();
    const { mtimeMs, ino, size } = await stat(folder.shared('twin'));
    folder.database.prepare('UPDATE entry SET mtime = ? WHERE inode = ?').run(mtimeMs, ino); // times cannot be set to the nanosecond
    expect(size).toBe(content.bytes.length);
    const file = await folder.store.staging.open(content.request);
    await file.reuse(() => undefined, NEVER);
    expect(file.missingBlocks()).toEqual([1]);
    await file.discard();
    expect((await readFile(folder.shared('twin'))).subarray(BLOCK_BYTES, BLOCK_BYTES + 7).toString()).toBe('changed');
  });
});
