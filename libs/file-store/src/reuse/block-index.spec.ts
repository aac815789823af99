import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { HASH_BYTES } from '@ferry/protocol';
import { Database } from '../database/database';
import { FILE_STORE_MIGRATIONS } from '../database/schema';
import { INDEX_STEP_BLOCKS, INLINE_INDEXED_BLOCKS, PLACES_TRIED, SWEEP_DEAD_PLACES } from '../limits';
import { BlockIndex } from './block-index';
import { deadPlaces } from './dead-places';
import { IndexFiller } from './index-filler';

/** 20 GiB of shares; FERRY_INDEX_BLOCKS=1048576 for 1 TiB, which tells its figures. */
const BLOCKS = Number(process.env['FERRY_INDEX_BLOCKS'] ?? 20_480);
const BLOCKS_PER_FILE = Number(process.env['FERRY_INDEX_FILE_BLOCKS'] ?? 4_096);
const MIB = 1024 * 1024;

describe('the block index', () => {
  let folder: string;
  let database: Database;
  let index: BlockIndex;
  let filler: IndexFiller;
  const faults: unknown[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-index-'));
    database = Database.open(join(folder, 'ferry.sqlite'));
    database.migrate('file-store', FILE_STORE_MIGRATIONS);
    index = new BlockIndex(database);
    filler = new IndexFiller(index, (fault) => faults.push(fault));
  });
  afterEach(async () => {
    await filler.close();
    database.close();
    await rm(folder, { recursive: true });
    expect(faults.splice(0)).toEqual([]);
  });

  const count = (table: string) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);

  /** Lists a file that has these hashes. */
  function list(rowId: number, hashes: Uint8Array): void {
    const id = `entry ${rowId}`;
    database
      .prepare(
        `INSERT INTO entry (row_id, id, scope, path, path_folded, name, size, mtime, inode, added_at, media_type, state, visibility)
         VALUES (?, ?, 'shared', ?, ?, ?, ?, 0, ?, 0, '', 'ready', 'none')`,
      )
      .run(rowId, id, id, id, id, (hashes.length / HASH_BYTES) * MIB, rowId);
    setHashes(rowId, hashes);
  }

  function setHashes(rowId: number, hashes: Uint8Array): void {
    database.prepare('INSERT OR REPLACE INTO entry_hashes (row_id, hashes) VALUES (?, ?)').run(rowId, hashes);
  }

  function found(hashes: Uint8Array, block: number): (string | number)[][] {
    return index.places(hashes, block).map((place) => {
      const file = index.file(place.source);
      return [file?.kind === 'entry' ? file.row.rowId : 'staged', place.block];
    });
  }

  it('holds the blocks of a small file with its hashes, those of a large one a moment later', async () => {
    const [small, large] = [randomBytes(INLINE_INDEXED_BLOCKS * HASH_BYTES), randomBytes(17 * HASH_BYTES)];
    list(1, small);
    list(2, large);
    expect(found(small, 15)).toEqual([[1, 15]]);
    expect(found(large, 16)).toEqual([]);
    await filler.caughtUp();
    expect(found(large, 16)).toEqual([[2, 16]]);
    expect(index.hasUnindexed()).toBe(false);
  });

  it('finds what was listed last first, and no more than a few', () => {
    const hashes = randomBytes(HASH_BYTES);
    for (let rowId = 1; rowId <= 100; rowId++) list(rowId, hashes);
    expect(found(hashes, 0).map(([rowId]) => rowId)).toEqual([100, 99, 98, 97].slice(0, PLACES_TRIED));
  });

  it('forgets at once what a file held before, and a file that is gone', () => {
    const [before, after] = [randomBytes(2 * HASH_BYTES), randomBytes(HASH_BYTES)];
    list(1, before);
    setHashes(1, after);
    expect([found(before, 0), found(before, 1), found(after, 0)]).toEqual([[], [], [[1, 0]]]);
    database.prepare('UPDATE entry_hashes SET hashes = ?').run(before);
    expect([found(before, 1), found(after, 0)]).toEqual([[[1, 1]], []]);
    database.prepare('DELETE FROM entry').run();
    expect(found(before, 1)).toEqual([]);
  });

  it('begins with what was hashed before there was an index', async () => {
    const hashes = [randomBytes(3 * HASH_BYTES), new Uint8Array(0), randomBytes(600 * HASH_BYTES)] as const;
    database.close();
    await rm(folder, { recursive: true });
    database = Database.open(join(folder, 'ferry.sqlite'));
    database.migrate('file-store', FILE_STORE_MIGRATIONS);
    hashes.forEach((each, at) => list(at + 1, each));
    index = new BlockIndex(database);
    filler = new IndexFiller(index, (fault) => faults.push(fault));
    await filler.idle();
    expect([found(hashes[0], 2), found(hashes[2], 599)]).toEqual([[[1, 2]], [[3, 599]]]);
    expect([count('block_source'), count('block_place')]).toEqual([2, 603]);
  });

  it('takes an empty file for no source', () => {
    list(1, new Uint8Array(0));
    expect(count('block_source')).toBe(0);
  });

  it('sweeps dead places out before they are many, and keeps the living', async () => {
    const kept = randomBytes(20 * HASH_BYTES);
    const blocks = SWEEP_DEAD_PLACES / 2;
    list(1, randomBytes(blocks * HASH_BYTES));
    list(2, randomBytes(blocks * HASH_BYTES));
    list(3, kept);
    await filler.idle();
    expect(count('block_place')).toBe(SWEEP_DEAD_PLACES + 20);
    database.prepare('DELETE FROM entry WHERE row_id = 1').run();
    await filler.idle();
    expect(count('block_place')).toBe(SWEEP_DEAD_PLACES + 20);
    setHashes(2, randomBytes(HASH_BYTES));
    await filler.idle();
    expect(count('block_place')).toBe(21);
    expect(deadPlaces(database)).toBe(0);
    expect(found(kept, 19)).toEqual([[3, 19]]);
  });

  it('goes on where it was closed', async () => {
    const hashes = randomBytes((INDEX_STEP_BLOCKS * 3 + 1) * HASH_BYTES);
    list(1, hashes);
    const half = new IndexFiller(index, (fault) => faults.push(fault));
    const filling = half.idle();
    await half.close();
    await filling;
    expect(count('block_place')).toBeLessThan(INDEX_STEP_BLOCKS * 3);
    await filler.idle();
    expect(count('block_place')).toBe(INDEX_STEP_BLOCKS * 3 + 1);
  });

  it(`indexes ${BLOCKS} blocks without holding the event loop, and finds them`, async () => {
    const files: Uint8Array[] = [];
    for (let at = 0; at < BLOCKS; at += BLOCKS_PER_FILE) {
      files.push(randomBytes(Math.min(BLOCKS_PER_FILE, BLOCKS - at) * HASH_BYTES));
    }
    database.transaction(() => files.forEach((hashes, at) => list(at + 1, hashes)));
    const lag = monitorEventLoopDelay({ resolution: 5 });
    const memory = process.memoryUsage().rss;
    const cpu = process.cpuUsage();
    const fill = await timed(async () => {
      lag.enable();
      await filler.idle();
      lag.disable();
    });
    const { user, system } = process.cpuUsage(cpu);
    expect(count('block_place')).toBe(BLOCKS);
    const asked = Array.from({ length: 1_000 }, () => {
      const file = Math.floor(Math.random() * files.length);
      const hashes = files[file] as Uint8Array;
      return { file, hashes, block: Math.floor((Math.random() * hashes.length) / HASH_BYTES) };
    });
    const answers: unknown[] = [];
    const hits = await timed(() => asked.forEach(({ hashes, block }) => answers.push(index.places(hashes, block))));
    expect(answers).toEqual(asked.map(({ block }) => [{ source: expect.any(Number) as number, block }]));
    expect(asked.map(({ hashes, block }) => found(hashes, block))).toEqual(
      asked.map(({ file, block }) => [[file + 1, block]]),
    );
    const unknown = randomBytes(1_000 * HASH_BYTES);
    const misses = await timed(() => asked.forEach((_, at) => answers.push(index.places(unknown, at))));
    expect(answers.slice(1_000).flat()).toEqual([]);
    const grown = process.memoryUsage().rss - memory;
    database.close();
    const { size } = await stat(join(folder, 'ferry.sqlite'));
    database = Database.open(join(folder, 'ferry.sqlite'));
    if (process.env['FERRY_INDEX_BLOCKS'])
      console.log(
        `${BLOCKS} blocks: indexed in ${ms(fill)}, ${ms((user + system) / 1000)} of processor time (event loop held at most ${ms(lag.max / 1e6)}, p99 ${ms(lag.percentile(99) / 1e6)}); ` +
          `1,000 found in ${ms(hits)}, 1,000 not found in ${ms(misses)}; ` +
          `database ${(size / MIB).toFixed(1)} MiB, of that hashes ${((BLOCKS * HASH_BYTES) / MIB).toFixed(1)}; memory ${(grown / MIB).toFixed(0)} MiB more`,
      );
  }, 600_000);
});

async function timed(work: () => void | Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
