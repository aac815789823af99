import fc from 'fast-check';
import { hexdump } from '../../testing/bytes';
import { BLOCK_BYTES, CHUNK_BYTES, DATA_PREFIX_BYTES } from '../limits';
import { fromHex, toHex } from '../text/hex';
import {
  chunkRunBytes,
  decodeChunkPrefix,
  decodeHashPrefix,
  decodeProbePrefix,
  encodeChunkPrefix,
  encodeHashPrefix,
  encodeProbePrefix,
} from './data-prefix';

const malformed = expect.objectContaining({ code: 'MALFORMED_MESSAGE' });

const CHUNKS = hexdump(`
  00000102  # block 258
  0060      # from chunk 96 of that block
  0020      # 32 chunks: up to its end`);

const HASHES = hexdump(`
  00002000  # from block 8192
  00000003  # 3 hashes`);

describe('prefix of file.read', () => {
  it('encodes and decodes the hexdump', () => {
    const prefix = { block: 258, firstChunk: 96, chunkCount: 32 };
    const bytes = new Uint8Array(DATA_PREFIX_BYTES);
    encodeChunkPrefix(prefix, bytes);
    expect(toHex(bytes)).toBe(toHex(CHUNKS));
    expect(decodeChunkPrefix(CHUNKS)).toEqual(prefix);
  });

  it('decodes what it encoded, at any offset', () =>
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.nat(96),
        fc.integer({ min: 1, max: 32 }),
        fc.nat(20),
        (block, firstChunk, chunkCount, offset) => {
          const bytes = new Uint8Array(offset + DATA_PREFIX_BYTES);
          encodeChunkPrefix({ block, firstChunk, chunkCount }, bytes, offset);
          expect(decodeChunkPrefix(bytes, offset)).toEqual({ block, firstChunk, chunkCount });
        },
      ),
      { numRuns: 300 },
    ));

  it.each([
    ['no chunk', '0000000000000000'],
    ['33 chunks', '0000000000000021'],
    ['a first chunk outside the block', '0000000000800001'],
    ['a run across the end of the block', '00000000006f0012'],
    ['65535 chunks', '000000000000ffff'],
    ['7 bytes', '00000000000000'],
  ])('refuses %s', (_name, hex) => expect(() => decodeChunkPrefix(fromHex(hex))).toThrow(malformed));
});

describe('chunkRunBytes', () => {
  it.each([
    ['whole chunks', { block: 0, firstChunk: 0, chunkCount: 32 }, BLOCK_BYTES, 262_144],
    ['the last chunks of a block', { block: 0, firstChunk: 96, chunkCount: 32 }, BLOCK_BYTES, 262_144],
    ['a file of one byte', { block: 0, firstChunk: 0, chunkCount: 1 }, 1, 1],
    ['a file of one chunk', { block: 0, firstChunk: 0, chunkCount: 1 }, CHUNK_BYTES, CHUNK_BYTES],
    ['a short last chunk alone', { block: 0, firstChunk: 1, chunkCount: 1 }, CHUNK_BYTES + 1, 1],
    ['a short last chunk after a whole one', { block: 0, firstChunk: 0, chunkCount: 2 }, CHUNK_BYTES + 1, 8_193],
    ['a last block of one byte', { block: 1, firstChunk: 0, chunkCount: 1 }, BLOCK_BYTES + 1, 1],
  ])('is the length of %s', (_name, prefix, size, bytes) => expect(chunkRunBytes(prefix, size)).toBe(bytes));

  it.each([
    ['a chunk beyond the end', { block: 0, firstChunk: 1, chunkCount: 1 }, CHUNK_BYTES],
    ['a run longer than the file', { block: 0, firstChunk: 0, chunkCount: 2 }, CHUNK_BYTES],
    ['a block beyond the end', { block: 1, firstChunk: 0, chunkCount: 1 }, BLOCK_BYTES],
    ['any chunk of an empty file', { block: 0, firstChunk: 0, chunkCount: 1 }, 0],
  ])('refuses %s', (_name, prefix, size) => expect(() => chunkRunBytes(prefix, size)).toThrow(malformed));
});

describe('prefix of file.manifest', () => {
  it('encodes and decodes the hexdump', () => {
    const bytes = new Uint8Array(DATA_PREFIX_BYTES);
    encodeHashPrefix({ firstBlock: 8192, count: 3 }, bytes);
    expect(toHex(bytes)).toBe(toHex(HASHES));
    expect(decodeHashPrefix(HASHES)).toEqual({ firstBlock: 8192, count: 3 });
  });

  it.each([
    ['no hash', '0000000000000000'],
    ['8193 hashes', '0000000000002001'],
    ['2^32 - 1 hashes', '00000000ffffffff'],
    ['no byte', ''],
  ])('refuses %s', (_name, hex) => expect(() => decodeHashPrefix(fromHex(hex))).toThrow(malformed));
});

describe('prefix of link.probe', () => {
  it('encodes and decodes the number of the frame', () => {
    const bytes = new Uint8Array(DATA_PREFIX_BYTES).fill(0xff);
    encodeProbePrefix(258, bytes);
    expect(toHex(bytes)).toBe('0000010200000000');
    expect(decodeProbePrefix(bytes)).toBe(258);
  });

  it.each([
    ['a second number', '0000000000000001'],
    ['7 bytes', '00000000000000'],
  ])('refuses %s', (_name, hex) => expect(() => decodeProbePrefix(fromHex(hex))).toThrow(malformed));
});
