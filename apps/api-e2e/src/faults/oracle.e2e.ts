import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MEBIBYTE, sha256sum, writeRandomFile } from '@ferry/test-nodes';
import type { FileSet, SetFile } from './file-set';
import { expectHonest, inspectDisk } from './oracle';

const BIG_BYTES = 2 * MEBIBYTE + 5;

/** A judge that never convicts proves nothing: each lie here must be seen. */
describe('the oracle of the fault suite', () => {
  let folder: string;
  let set: FileSet;
  const received = (path: string) => join(folder, 'received', path);
  const sources = { sourceOf: ({ path }: SetFile) => join(folder, 'source', path) };
  const judged = () => inspectDisk(join(folder, 'received'), set, sources);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-oracle-'));
    await writeRandomFile(join(folder, 'source/set/big.bin'), BIG_BYTES);
    await writeRandomFile(join(folder, 'source/set/small.bin'), 10);
    const files: SetFile[] = [];
    for (const [name, size] of [
      ['big.bin', BIG_BYTES],
      ['small.bin', 10],
    ] as const) {
      const path = `set/${name}`;
      files.push({ path, size, entryId: name, sha256: await sha256sum(join(folder, 'source', path)) });
    }
    set = { folder: 'set', files, bytes: BIG_BYTES + 10 };
    await mkdir(received('set'), { recursive: true });
    await mkdir(received('.ferry-staging'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('counts whole files and the staged blocks that are right', async () => {
    await put('small.bin', 'set/small.bin');
    await put('big.bin', '.ferry-staging/a.part', (content) => content.fill(0, MEBIBYTE, 2 * MEBIBYTE));
    const { published, bytes } = await judged();
    expect(published.map(({ path }) => path)).toEqual(['set/small.bin']);
    expect(bytes).toBe(10 + MEBIBYTE + 5);
  });

  it.each(['one byte', 'the last block', 'the end'])('sees a visible file without %s', async (what) => {
    await put('big.bin', 'set/big.bin', (content) => {
      if (what === 'the end') return content.subarray(0, -1);
      if (what === 'one byte') content.writeUInt8(content.readUInt8(7) ^ 1, 7);
      else content.fill(0, 2 * MEBIBYTE);
      return content;
    });
    await expect(judged()).rejects.toThrow('invariant 2: set/big.bin is visible with other content');
  });

  it('sees a second file of the same content', async () => {
    await put('small.bin', 'set/small (2).bin');
    await expect(judged()).rejects.toThrow('invariant 2: set/small (2).bin is no name of the set');
  });

  it('sees more said than there is', async () => {
    await put('small.bin', 'set/small.bin');
    const disk = await judged();
    expect(() => expectHonest({ filesDone: 1, verifiedBytes: 10 }, disk, 'now')).not.toThrow();
    expect(() => expectHonest({ filesDone: 2, verifiedBytes: 10 }, disk, 'now')).toThrow('invariant 8');
    expect(() => expectHonest({ filesDone: 1, verifiedBytes: 11 }, disk, 'now')).toThrow('invariant 8');
  });

  async function put(source: string, path: string, change = (content: Buffer): Uint8Array => content): Promise<void> {
    const content = await readFile(join(folder, 'source/set', source));
    await writeFile(received(path), change(content));
  }
});
