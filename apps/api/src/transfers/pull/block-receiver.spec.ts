import { CHUNK_BYTES, encodeChunkPrefix } from '@ferry/protocol';
import { BlockReceiver, type PendingBlock } from './block-receiver';

const LENGTH = 3 * CHUNK_BYTES + 5;

function pendingBlock(index: number): PendingBlock {
  const buffer = new SharedArrayBuffer(LENGTH);
  return { index, buffer, bytes: Buffer.from(buffer), length: LENGTH, filled: 0 };
}

function prefix(block: number, firstChunk: number, chunkCount: number): Uint8Array {
  const bytes = new Uint8Array(8);
  encodeChunkPrefix({ block, firstChunk, chunkCount }, bytes, 0);
  return bytes;
}

function receiver(indexes: number[]) {
  const pending = new Map(indexes.map((index) => [index, pendingBlock(index)]));
  const done: PendingBlock[] = [];
  let bytes = 0;
  const target = new BlockReceiver(
    pending,
    (count) => (bytes += count),
    (block) => done.push(block),
  );
  return { target, done, pending, received: () => bytes };
}

describe('BlockReceiver', () => {
  it('puts interleaved blocks together, whatever the parts', () => {
    const { target, done, received } = receiver([4, 9]);
    target.begin(prefix(4, 0, 2), 2 * CHUNK_BYTES);
    target.bytes(new Uint8Array(10).fill(1));
    target.bytes(new Uint8Array(2 * CHUNK_BYTES - 10).fill(2));
    target.end();
    target.begin(prefix(9, 0, 4), LENGTH);
    target.bytes(new Uint8Array(LENGTH).fill(3));
    target.end();
    target.begin(prefix(4, 2, 2), CHUNK_BYTES + 5);
    target.bytes(new Uint8Array(CHUNK_BYTES + 5).fill(4));
    target.end();
    expect(done.map(({ index }) => index)).toEqual([9, 4]);
    expect([...(done[1] as PendingBlock).bytes.subarray(8, 12)]).toEqual([1, 1, 2, 2]);
    expect((done[1] as PendingBlock).bytes.at(-1)).toBe(4);
    expect(received()).toBe(2 * LENGTH);
  });

  it.each([
    ['a block that was not asked for', prefix(5, 0, 1), CHUNK_BYTES],
    ['chunks out of order', prefix(4, 1, 1), CHUNK_BYTES],
    ['a short chunk that is not the last', prefix(4, 0, 1), CHUNK_BYTES - 1],
    ['more bytes than the block has', prefix(4, 0, 4), LENGTH + 1],
    ['more chunks than the block has', prefix(4, 0, 5), LENGTH],
    ['no bytes', prefix(4, 0, 1), 0],
  ])('ends the session over %s', (_name, bytes, dataBytes) => {
    const { target } = receiver([4]);
    expect(() => target.begin(bytes, dataBytes)).toThrow(expect.objectContaining({ code: 'UNEXPECTED_MESSAGE' }));
  });

  it('ends the session over a block that comes twice', () => {
    const { target } = receiver([4]);
    target.begin(prefix(4, 0, 4), LENGTH);
    target.bytes(new Uint8Array(LENGTH));
    target.end();
    expect(() => target.begin(prefix(4, 0, 4), LENGTH)).toThrow(
      expect.objectContaining({ code: 'UNEXPECTED_MESSAGE' }),
    );
  });
});
