import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database, FileStore } from '@ferry/file-store';
import {
  BLOCK_BYTES,
  CHUNK_BYTES,
  DATA_PREFIX_BYTES,
  decodeChunkPrefix,
  decodeHashPrefix,
  HASH_BYTES,
  MAX_MANIFEST_HASHES_PER_FRAME,
  MAX_READ_BLOCKS,
  PATTERNS,
  type BlockRange,
} from '@ferry/protocol';
import { pair } from '../../peers/testing/pair';
import { TestNode } from '../../peers/testing/test-node';
import type { DataReceiver } from '../../transport/data-answer';
import type { PeerSession } from '../../transport/peer-session';

describe('a share as a paired peer sees it', () => {
  let owner: TestNode;
  let reader: TestNode;
  let session: PeerSession;

  beforeAll(async () => {
    [owner, reader] = await Promise.all([TestNode.start({ name: 'owner' }), TestNode.start({ name: 'reader' })]);
    await pair(owner, reader);
    session = await reader.peers.sessionFor(owner.id);
    await owner.provider(FileStore).firstScan;
  });
  afterAll(() => Promise.all([owner.remove(), reader.remove()]));

  const refusal = (remoteCode: string) => expect.objectContaining({ name: 'PeerError', remoteCode }) as Error;

  describe('with a manifest of 20,000 blocks', () => {
    const blocks = 20_000;
    const hashes = randomBytes(blocks * HASH_BYTES);

    beforeAll(() => insertManifest(owner.provider(Database), blocks, hashes));

    it.each<BlockRange>([
      [0, blocks],
      [0, 1],
      [blocks - 1, 1],
      [8_191, 2],
      [5_000, 10_001],
    ])('sends hashes from block %i on, %i of them', async (firstBlock, blockCount) => {
      const page = new HashCollector();
      const head = await session.requestData(
        PATTERNS.fileManifest,
        { entryId: 'manifest', firstBlock, blockCount },
        page,
      );
      expect(head).toMatchObject({ entryId: 'manifest', blockCount: blocks });
      expect(page.first).toBe(firstBlock);
      expect(page.largest).toBeLessThanOrEqual(MAX_MANIFEST_HASHES_PER_FRAME);
      const wanted = hashes.subarray(firstBlock * HASH_BYTES, (firstBlock + blockCount) * HASH_BYTES);
      expect(Buffer.concat(page.parts).equals(wanted)).toBe(true);
    });

    it.each<BlockRange>([
      [0, blocks + 1],
      [blocks, 1],
      [4_194_304, 4_194_304],
    ])('refuses blocks beyond the end: %i, %i', async (firstBlock, blockCount) => {
      const ask = session.requestData(
        PATTERNS.fileManifest,
        { entryId: 'manifest', firstBlock, blockCount },
        new HashCollector(),
      );
      await expect(ask).rejects.toEqual(refusal('INVALID_RANGE'));
    });
  });

  describe('with a file of 40 MiB', () => {
    const content = randomBytes(40 * BLOCK_BYTES - 5);
    let fileId: string;

    beforeAll(async () => {
      await writeFile(join(owner.folder, 'shared_files', 'large.bin'), content);
      const { entries } = owner.provider(FileStore);
      const find = () => entries.list({ scope: 'shared', q: 'large.bin' }).items[0]?.fileId;
      await owner.until(() => find() !== undefined);
      fileId = find() as string;
    }, 30_000);

    const read = (ranges: readonly BlockRange[], receiver: DataReceiver, signal?: AbortSignal) =>
      session.requestData(PATTERNS.fileRead, { fileId, ranges }, receiver, signal);

    it('sends as many ranges as there may be blocks, in their order, the short last one too', async () => {
      const ranges = Array.from({ length: MAX_READ_BLOCKS }, (_, index): BlockRange => [2 * index + 9, 1]);
      expect(ranges.at(-1)).toEqual([39, 1]);
      const blocks = new BlockCollector();
      expect(await read(ranges, blocks)).toEqual({});
      expect(blocks.order).toEqual(ranges.map(([first]) => first));
      for (const [first] of ranges)
        expect(blocks.digest(first)).toBe(digestOf(content.subarray(first * BLOCK_BYTES, (first + 1) * BLOCK_BYTES)));
    });

    it.each<[string, BlockRange[], string]>([
      ['17 ranges', Array.from({ length: 17 }, (_, index): BlockRange => [2 * index, 1]), 'INVALID_RANGE'],
      ['64 ranges', Array.from({ length: 64 }, (_, index): BlockRange => [2 * index, 1]), 'INVALID_RANGE'],
      ['65 ranges', Array.from({ length: 65 }, (_, index): BlockRange => [2 * index, 1]), 'MALFORMED_MESSAGE'],
      ['a block beyond the end', [[39, 2]], 'INVALID_RANGE'],
    ])('refuses %s, and keeps the session', async (_what, ranges, code) => {
      await expect(read(ranges, new BlockCollector())).rejects.toEqual(refusal(code));
      expect(session.isOpen).toBe(true);
    });

    it('stops in the middle when cancelled, and serves the same blocks afterwards', async () => {
      for (let round = 0; round < 20; round += 1) {
        const cancel = new AbortController();
        const blocks = new BlockCollector(() => cancel.abort(new Error('enough')));
        await expect(read([[0, 16]], blocks, cancel.signal)).rejects.toThrow('enough');
        expect(blocks.order.length).toBeLessThan(16);
      }
      const blocks = new BlockCollector();
      await read([[0, 16]], blocks);
      expect(blocks.order).toHaveLength(16);
      expect(blocks.digest(15)).toBe(digestOf(content.subarray(15 * BLOCK_BYTES, 16 * BLOCK_BYTES)));
      expect(session.isOpen).toBe(true);
    }, 30_000);
  });
});

function insertManifest(database: Database, blocks: number, hashes: Uint8Array): void {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO entry (id, scope, path, path_folded, name, size, mtime, inode, added_at, media_type, state, file_id, visibility)
       VALUES ('manifest', 'shared', 'manifest.bin', 'manifest.bin', 'manifest.bin', ?, 0, -1, 0, 'a/b', 'ready', ?, 'all-paired')`,
    )
    .run(blocks * BLOCK_BYTES - 1, 'f'.repeat(64));
  database.prepare('INSERT INTO entry_hashes (row_id, hashes) VALUES (?, ?)').run(lastInsertRowid, hashes);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What `file.manifest` sends. */
class HashCollector implements DataReceiver {
  readonly parts: Uint8Array[] = [];
  first: number | undefined;
  largest = 0;

  begin(prefix: Uint8Array, dataBytes: number): void {
    const { firstBlock, count } = decodeHashPrefix(prefix);
    expect(dataBytes).toBe(count * HASH_BYTES);
    this.first ??= firstBlock;
    this.largest = Math.max(this.largest, count);
  }

  bytes(part: Uint8Array): void {
    this.parts.push(new Uint8Array(part));
  }

  end(): void {
    // the whole is looked at by the test
  }
}

/** What `file.read` sends. */
class BlockCollector implements DataReceiver {
  /** Blocks in the order in which they began. */
  readonly order: number[] = [];
  private readonly hashes = new Map<number, ReturnType<typeof createHash>>();
  private block = 0;

  constructor(private readonly onFrame: () => void = () => undefined) {}

  begin(prefix: Uint8Array, dataBytes: number): void {
    const { block, firstChunk, chunkCount } = decodeChunkPrefix(prefix.subarray(0, DATA_PREFIX_BYTES));
    expect(dataBytes).toBeLessThanOrEqual(chunkCount * CHUNK_BYTES);
    this.block = block;
    if (firstChunk === 0) this.order.push(block);
    if (firstChunk === 0) this.hashes.set(block, createHash('sha256'));
  }

  bytes(part: Uint8Array): void {
    this.hashes.get(this.block)?.update(part);
  }

  end(): void {
    this.onFrame();
  }

  digest(block: number): string | undefined {
    return this.hashes.get(block)?.digest('hex');
  }
}
