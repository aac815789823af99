import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readZip, testZip } from '../testing/foreign-zip';
import type { ZipEntry } from './zip-records';
import { ZipSize } from './zip-size';
import { type ZipContent, zipStream } from './zip-stream';

const MODIFIED = Date.UTC(2024, 1, 29, 12, 34, 56);
const PAGE = 512;
const LARGE_TIMEOUT_MS = 60_000;

interface Listed extends ZipEntry {
  readonly content: Uint8Array;
}

function entry(name: string, content: string | Uint8Array = '', isStreamed = false): Listed {
  const bytes = Buffer.from(content);
  return { name, size: bytes.length, modifiedAt: MODIFIED, isStreamed, content: bytes };
}

describe('zipStream', () => {
  let folder: string;
  let file: string;
  let opened: number;
  let closed: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-zip-'));
    file = join(folder, 'a.zip');
    [opened, closed] = [0, 0];
  });
  afterEach(async () => {
    expect(closed).toBe(opened);
    await rm(folder, { recursive: true });
  });

  const open = ({ content }: Listed): Promise<ZipContent> => {
    opened += 1;
    return Promise.resolve({
      whole: () => Promise.resolve(content),
      chunks: () => Readable.from([content.subarray(0, 3), content.subarray(3)]),
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    });
  };

  const listing = (entries: readonly Listed[]) => ({
    async *pages() {
      for (let at = 0; at < entries.length; at += PAGE) yield await Promise.resolve(entries.slice(at, at + PAGE));
    },
  });

  /** @returns the zip's size as said before. */
  async function write(entries: readonly Listed[]): Promise<number> {
    const size = new ZipSize();
    entries.forEach((each) => size.add(each));
    await pipeline(zipStream(listing(entries), open), createWriteStream(file));
    return size.total;
  }

  it('is as long as said, and what others read from it is what went in', async () => {
    const said = await write([
      entry('folder/'),
      entry('folder/empty/'),
      entry('folder/日本 é 🎈.txt', 'streamed', true),
      entry('folder/plain.txt', 'in one piece'),
      entry('none.txt'),
    ]);
    expect((await stat(file)).size).toBe(said);
    await testZip(file);
    expect(await readZip(file)).toEqual([
      { name: 'folder/', size: 0, mode: 0o040755, year: 2024 },
      { name: 'folder/empty/', size: 0, mode: 0o040755, year: 2024 },
      { name: 'folder/日本 é 🎈.txt', size: 8, mode: 0o100644, year: 2024 },
      { name: 'folder/plain.txt', size: 12, mode: 0o100644, year: 2024 },
      { name: 'none.txt', size: 0, mode: 0o100644, year: 2024 },
    ]);
  });

  it('is a zip also without an entry', async () => {
    expect(await write([])).toBe(22);
    expect(await readZip(file)).toEqual([]);
  });

  it.each([0xfffe, 0xffff])(
    'holds %d entries, on both sides of where zip64 begins',
    async (count) => {
      const said = await write(Array.from({ length: count }, (_, index) => entry(`file-${index}.txt`, 'x')));
      expect((await stat(file)).size).toBe(said);
      expect(await readZip(file)).toHaveLength(count);
    },
    LARGE_TIMEOUT_MS,
  );

  it('tells times that a zip cannot hold as the nearest one that it can', async () => {
    const times = [-8e15, 0, Date.UTC(2100, 0, 1), 8e15];
    await write(times.map((modifiedAt, index) => ({ ...entry(`${index}`), modifiedAt })));
    expect((await readZip(file)).map(({ year }) => year)).toEqual([1980, 1980, 2100, 2107]);
  });

  it('fails, and closes what it opened ahead, when content cannot be read', async () => {
    const entries = Array.from({ length: 20 }, (_, index) => entry(`${index}`, 'content', index % 2 === 0));
    const failing = async (each: Listed) => {
      const content = await open(each);
      if (each.name !== '5') return content;
      await content.close();
      throw new Error('gone');
    };
    await expect(pipeline(zipStream(listing(entries), failing), createWriteStream(file))).rejects.toThrow('gone');
  });

  it('closes what it opened when nobody reads on', async () => {
    const entries = Array.from({ length: 20 }, (_, index) => entry(`${index}`, Buffer.alloc(100_000), true));
    for await (const part of zipStream(listing(entries), open)) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
    expect(opened).toBeLessThan(20);
  });
});
