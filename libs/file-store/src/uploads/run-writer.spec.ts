import { mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WRITE_RUN_BYTES } from '../limits';
import { type RunListener, RunWriter } from './run-writer';

describe('RunWriter', () => {
  let folder: string;
  let handle: FileHandle;
  const runs: number[] = [];
  const listener: RunListener = {
    before: () => Promise.resolve(),
    written: (_end, bytes) => void runs.push(bytes),
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-runs-'));
    handle = await open(join(folder, 'file'), 'w+');
    runs.length = 0;
  });
  afterEach(async () => {
    await handle.close();
    await rm(folder, { recursive: true });
  });

  const bytesOf = () => readFile(join(folder, 'file'));
  const pieces = (count: number, size: number) =>
    Array.from({ length: count }, (_, at) => new Uint8Array(size).fill(at % 251));

  it('writes all in order, many chunks at a time', async () => {
    const expected = Buffer.concat(pieces(200, 40_000));
    const writer = new RunWriter(handle, 0, listener);
    for (const piece of pieces(200, 40_000)) await writer.add(piece);
    await writer.finish();
    expect((await bytesOf()).equals(expected)).toBe(true);
    expect(runs.length).toBeLessThan(100);
    expect(Math.max(...runs)).toBeLessThan(WRITE_RUN_BYTES + 40_000);
    expect(runs.reduce((sum, bytes) => sum + bytes, 0)).toBe(expected.length);
  });

  it('does not wait for more before it writes what it has', async () => {
    const writer = new RunWriter(handle, 0, listener);
    await writer.add(Buffer.from('one'));
    await writer.add(Buffer.from('two'));
    while ((await bytesOf()).length < 6) await new Promise(setImmediate);
    expect(String(await bytesOf())).toBe('onetwo');
    await writer.finish();
  });

  it('frees chunks that are written, but not what shares their memory', async () => {
    const [whole, shared] = [new Uint8Array(10).fill(1), new Uint8Array(10).fill(2)];
    const writer = new RunWriter(handle, 0, listener);
    await writer.add(whole);
    await writer.add(shared.subarray(0, 5));
    await writer.finish();
    expect([whole.length, shared.length]).toEqual([0, 10]);
    expect([...(await bytesOf())]).toEqual([...Array<number>(10).fill(1), ...Array<number>(5).fill(2)]);
  });

  it('begins where it is told to', async () => {
    await handle.write('0123456789');
    const writer = new RunWriter(handle, 4, listener);
    await writer.add(Buffer.from('xyz'));
    await writer.finish();
    expect(String(await bytesOf())).toBe('0123xyz789');
  });

  it('goes on where the system wrote less than it was given', async () => {
    const most = 3;
    /** The file, on a system that takes 3 bytes at a time. */
    const reluctant: ConstructorParameters<typeof RunWriter>[0] = {
      writev: async (buffers, position) => {
        const [first] = buffers as readonly Uint8Array[];
        const { bytesWritten } = await handle.write(
          first ?? Buffer.of(),
          0,
          Math.min(first?.length ?? 0, most),
          position,
        );
        return { bytesWritten, buffers };
      },
    };
    const writer = new RunWriter(reluctant, 0, listener);
    for (const text of ['0123456', '', '78', '9abcdef']) await writer.add(Buffer.from(text));
    await writer.finish();
    expect(String(await bytesOf())).toBe('0123456789abcdef');
  });

  it('tells of a failure at the next chunk and at the end, and writes no more', async () => {
    const full = new Error('full');
    const writer = new RunWriter(handle, 0, { ...listener, before: () => Promise.reject(full) });
    await writer.add(Buffer.from('one')).catch(() => undefined);
    await expect(writer.finish()).rejects.toBe(full);
    await expect(writer.add(Buffer.from('two'))).rejects.toBe(full);
    expect(await bytesOf()).toHaveLength(0);
  });
});
