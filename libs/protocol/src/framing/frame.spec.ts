import fc from 'fast-check';
import { FUZZ_FACTOR, FUZZ_TIMEOUT_MS } from '../../testing/fuzz-factor';
import { anyFrame } from '../../testing/frame-arbitrary';
import { hexdump } from '../../testing/bytes';
import { readVectors } from '../../testing/vectors';
import { HEADER_BYTES, MAX_CONTROL_BYTES, MAX_DATA_BYTES } from '../limits';
import { fromHex, toHex } from '../text/hex';
import { decodeHeader, encodeFrame, encodeHeader, type FrameHeader } from './frame';
import { FLAG_END, FrameType } from './frame-type';

interface FrameVectors {
  readonly valid: readonly {
    readonly name: string;
    readonly hex: string;
    readonly header: FrameHeader;
    readonly payload: string;
  }[];
  readonly invalid: readonly { readonly name: string; readonly hex: string; readonly code: string }[];
}

const { valid, invalid } = readVectors<FrameVectors>('frames.json');

const RESPONSE = hexdump(`
  00000002  # length: 2 payload bytes
  02        # type: RESPONSE
  01        # flags: END
  0000      # reserved
  00000003  # stream 3, opened by the dialler
  7b7d      # payload: {}`);

const PING = hexdump(`
  00000008          # length: 8 payload bytes
  06                # type: PING
  00                # flags: none
  0000              # reserved
  00000000          # stream 0: the session
  0123456789abcdef  # payload: opaque`);

const DATA = hexdump(`
  0000000d          # length: prefix and 5 bytes
  03                # type: DATA
  00                # flags: none, never END
  0000              # reserved
  00000003          # stream 3
  00000002          # prefix: block 2
  0003 0001         # prefix: from chunk 3, 1 chunk
  6665727279        # the chunk: "ferry"`);

const RUNS = 20_000 * FUZZ_FACTOR;

describe('frame', () => {
  it.each([
    ['RESPONSE', RESPONSE, { length: 2, type: FrameType.RESPONSE, flags: FLAG_END, stream: 3 }],
    ['PING', PING, { length: 8, type: FrameType.PING, flags: 0, stream: 0 }],
    ['DATA', DATA, { length: 13, type: FrameType.DATA, flags: 0, stream: 3 }],
  ])('encodes and decodes the %s hexdump', (_name, dump, header) => {
    expect(toHex(encodeFrame(header, dump.subarray(HEADER_BYTES)))).toBe(toHex(dump));
    expect(decodeHeader(dump)).toEqual(header);
  });

  it.each(valid)('encodes and decodes the vector: $name', ({ hex, header, payload }) => {
    expect(toHex(encodeFrame(header, fromHex(payload)))).toBe(hex);
    expect(decodeHeader(fromHex(hex))).toEqual(header);
  });

  it('writes and reads a header at an offset and leaves its neighbours alone', () => {
    const bytes = new Uint8Array(HEADER_BYTES + 6).fill(0xee);
    encodeHeader({ length: 2, type: FrameType.RESPONSE, flags: FLAG_END, stream: 3 }, bytes, 3);
    expect(toHex(bytes)).toBe(`eeeeee${toHex(RESPONSE.subarray(0, HEADER_BYTES))}eeeeee`);
    expect(decodeHeader(bytes, 3).stream).toBe(3);
  });

  it.each([
    [FrameType.REQUEST, 0, MAX_CONTROL_BYTES],
    [FrameType.DATA, 0, MAX_DATA_BYTES],
  ])('allows the longest payload of type %i', (type, flags, length) => {
    const bytes = new Uint8Array(HEADER_BYTES);
    encodeHeader({ length, type, flags, stream: 1 }, bytes);
    expect(decodeHeader(bytes).length).toBe(length);
  });

  it.each(invalid.filter(({ hex }) => hex.length === 2 * HEADER_BYTES))(
    'refuses, and does not make: $name',
    ({ hex, code }) => {
      expect(() => decodeHeader(fromHex(hex))).toThrow(expect.objectContaining({ code }));
      const view = new DataView(fromHex(hex).buffer);
      if (view.getUint16(6) !== 0) return; // the encoder has no way to ask for a reserved field
      const header = {
        length: view.getUint32(0),
        type: view.getUint8(4),
        flags: view.getUint8(5),
        stream: view.getUint32(8),
      };
      expect(() => encodeHeader(header, new Uint8Array(HEADER_BYTES))).toThrow(expect.objectContaining({ code }));
    },
  );

  it.each([-1, 2 ** 32, 1.5, Number.NaN])('does not make a frame on stream %d', (stream) =>
    expect(() => encodeFrame({ type: FrameType.RESPONSE, flags: FLAG_END, stream }, Uint8Array.of(0))).toThrow(
      expect.objectContaining({ code: 'MALFORMED_FRAME' }),
    ),
  );

  it(
    `campaign P3: decodes what it encoded, for every type (${RUNS} frames)`,
    () =>
      fc.assert(
        fc.property(anyFrame, ({ header, payload }) => {
          const bytes = encodeFrame(header, payload);
          const { length, type, flags, stream } = decodeHeader(bytes);
          const sameHeader =
            length === payload.length && type === header.type && flags === header.flags && stream === header.stream;
          return sameHeader && toHex(bytes.subarray(HEADER_BYTES)) === toHex(payload);
        }),
        { numRuns: RUNS },
      ),
    FUZZ_TIMEOUT_MS,
  );
});
