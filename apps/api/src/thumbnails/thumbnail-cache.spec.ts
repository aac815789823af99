import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ThumbnailCache } from './thumbnail-cache';

const BYTES = 100;

/** Something that has the outer form of a webp image. */
function webp(letter: string): Buffer {
  const image = Buffer.alloc(BYTES, letter);
  image.write('RIFF');
  image.writeUInt32LE(BYTES - 8, 4);
  return image;
}

describe('ThumbnailCache', () => {
  let folder: string;
  let cache: ThumbnailCache;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'ferry-cache-')), 'thumbnails');
    cache = open();
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  const open = () => new ThumbnailCache(folder, 3 * BYTES);
  const fileOf = (key: string) => join(folder, `${key}.webp`);
  const names = async () => (await readdir(folder)).sort();

  it('gives back what was put, also after a restart', async () => {
    await cache.put('a-64', webp('a'));
    expect(await cache.get('a-64')).toEqual(webp('a'));
    expect(await open().get('a-64')).toEqual(webp('a'));
    expect(await cache.get('b-64')).toBeUndefined();
  });

  it('drops the longest unused first', async () => {
    for (const key of ['a', 'b', 'c']) await cache.put(key, webp(key));
    await cache.get('a');
    await cache.put('d', webp('d'));
    expect(await names()).toEqual(['a.webp', 'c.webp', 'd.webp']);
  });

  it('knows the order of use after a restart', async () => {
    for (const key of ['a', 'b', 'c']) await cache.put(key, webp(key));
    await utimes(fileOf('b'), 1, 1);
    await open().put('d', webp('d'));
    expect(await names()).toEqual(['a.webp', 'c.webp', 'd.webp']);
  });

  it('counts what is put again once', async () => {
    for (let times = 0; times < 5; times += 1) await cache.put('a', webp('a'));
    await cache.put('b', webp('b'));
    await cache.put('c', webp('c'));
    expect(await names()).toEqual(['a.webp', 'b.webp', 'c.webp']);
  });

  it('takes nothing that a power cut damaged, and removes drafts', async () => {
    await cache.put('short', webp('s'));
    await cache.put('zeros', webp('z'));
    await truncate(fileOf('short'), 50);
    await writeFile(fileOf('zeros'), Buffer.alloc(BYTES));
    await writeFile(join(folder, 'draft.new'), 'x');
    const again = open();
    expect([await again.get('short'), await again.get('zeros')]).toEqual([undefined, undefined]);
    expect(await names()).toEqual([]);
  });

  it('survives that its folder is cleared, or cannot be made', async () => {
    await cache.put('a', webp('a'));
    await rm(folder, { recursive: true });
    expect(await cache.get('a')).toBeUndefined();
    await writeFile(folder, 'a file is in the way');
    const blocked = open();
    await blocked.put('a', webp('a'));
    expect(await blocked.get('a')).toBeUndefined();
  });
});
