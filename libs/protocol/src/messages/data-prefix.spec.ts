import fc from 'fast-check';
import { hexdump } from '../../testing/bytes';
import { DATA_PREFIX_BYTES } from '../limits';
import { fromHex, toHex } from '../text/hex';
import {
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
