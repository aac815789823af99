import { CHUNK_BYTES, decodeChunkPrefix, ProtocolError } from '@ferry/protocol';
import type { DataReceiver } from '../../transport/data-answer';

/** A plain memory copy. It takes any Uint8Array as its source, only its type asks for a Buffer. */
const copyBytes: (this: Uint8Array, target: Buffer, targetStart: number) => number = Buffer.prototype.copy;

/** One block on its way: where its bytes go and how many are there. */
export interface PendingBlock {
  readonly index: number;
  readonly buffer: SharedArrayBuffer;
  readonly bytes: Buffer;
  /** Content bytes of this block; less than a block only for a file's last. */
  readonly length: number;
  filled: number;
}

/**
 * Puts the DATA of one `file.read` into its blocks: one copy, straight from the socket's buffer.
 * Blocks may be interleaved; the chunks of a block come in order, each once (PROTOCOL.md, file.read).
 */
export class BlockReceiver implements DataReceiver {
  private current: PendingBlock | undefined;

  /** @param onBlock called with every block whose last byte has come; it leaves `pending` then. */
  constructor(
    private readonly pending: Map<number, PendingBlock>,
    private readonly onBytes: (count: number) => void,
    private readonly onBlock: (block: PendingBlock) => void,
  ) {}

  begin(prefix: Uint8Array, dataBytes: number): void {
    const { block, firstChunk, chunkCount } = decodeChunkPrefix(prefix);
    const target = this.pending.get(block);
    if (!target) throw new ProtocolError('UNEXPECTED_MESSAGE', `Block ${block} was not asked for, or came twice.`);
    const start = firstChunk * CHUNK_BYTES;
    if (start !== target.filled)
      throw new ProtocolError(
        'UNEXPECTED_MESSAGE',
        `Block ${block} goes on at byte ${start}, expected ${target.filled}.`,
      );
    const expected = Math.min(chunkCount * CHUNK_BYTES, target.length - start);
    if (dataBytes !== expected || (chunkCount - 1) * CHUNK_BYTES >= expected)
      throw new ProtocolError(
        'UNEXPECTED_MESSAGE',
        `${chunkCount} chunks of block ${block} hold ${expected} bytes, got ${dataBytes}.`,
      );
    this.current = target;
  }

  bytes(part: Uint8Array): void {
    const target = this.current as PendingBlock;
    // Not TypedArray.set: on shared memory it copies byte by byte when the two sides are not aligned alike, seven times slower.
    copyBytes.call(part, target.bytes, target.filled);
    target.filled += part.length;
    this.onBytes(part.length);
  }

  end(): void {
    const target = this.current as PendingBlock;
    this.current = undefined;
    if (target.filled < target.length) return;
    this.pending.delete(target.index);
    this.onBlock(target);
  }
}
