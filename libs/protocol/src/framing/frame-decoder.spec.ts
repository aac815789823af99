import fc from 'fast-check';
import { FUZZ_FACTOR, FUZZ_TIMEOUT_MS } from '../../testing/fuzz-factor';
import { concat } from '../../testing/bytes';
import { anyFrame } from '../../testing/frame-arbitrary';
import { collectFrames, type Frame, FrameCollector } from '../../testing/frame-collector';
import { readVectors } from '../../testing/vectors';
import { ProtocolError } from '../errors';
import { fromHex, toHex } from '../text/hex';
import { encodeFrame, type FrameHeader } from './frame';
import { FrameDecoder } from './frame-decoder';
import { FrameType } from './frame-type';

interface StreamVectors {
  readonly valid: readonly { readonly hex: string; readonly header: FrameHeader; readonly payload: string }[];
  readonly invalid: readonly { readonly name: string; readonly hex: string; readonly code: string }[];
  readonly incomplete: readonly {
    readonly name: string;
    readonly hex: string;
    readonly frames: number;
    readonly isPartial: boolean;
  }[];
}

const { valid, invalid, incomplete } = readVectors<StreamVectors>('frames.json');
const VALID_STREAM = concat(...valid.map(({ hex }) => fromHex(hex)));
const PING = encodeFrame({ type: FrameType.PING, flags: 0, stream: 0 }, new Uint8Array(8));

function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

/** One line a frame: thousands of comparisons cost little. */
function render(frames: readonly Frame[]): string {
  return frames
    .map(
      ({ header: { length, type, flags, stream }, payload }) =>
        `${length} ${type} ${flags} ${stream} ${toHex(payload)}`,
    )
    .join('\n');
}

const RUNS = 20_000 * FUZZ_FACTOR;

describe('FrameDecoder', () => {
  it('hands on the frames of a stream in order', () => {
    const frames = collectFrames([VALID_STREAM]);
    expect(frames).toEqual(valid.map(({ header, payload }) => ({ header, payload: fromHex(payload) })));
  });

  it('gives the same frames wherever the stream is cut in two', () => {
    const whole = render(collectFrames([VALID_STREAM]));
    for (let cut = 0; cut <= VALID_STREAM.length; cut++) {
      if (render(collectFrames(cutAt(VALID_STREAM, [cut]))) !== whole)
        throw new Error(`other frames when cut at ${cut}`);
    }
  });

  it('gives the same frames byte by byte', () => {
    const bytes = Array.from(VALID_STREAM, (byte) => Uint8Array.of(byte));
    expect(collectFrames(bytes)).toEqual(collectFrames([VALID_STREAM]));
  });

  it(
    `campaign P2: gives the same frames however a stream is cut (${RUNS} streams)`,
    () =>
      fc.assert(
        fc.property(fc.array(anyFrame, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 20 }), (frames, places) => {
          const stream = concat(...frames.map(({ header, payload }) => encodeFrame(header, payload)));
          return render(collectFrames(cutAt(stream, places))) === render(frames);
        }),
        { numRuns: RUNS },
      ),
    FUZZ_TIMEOUT_MS,
  );

  it(
    `campaign P1: answers arbitrary bytes with frames or a ProtocolError (${RUNS} inputs)`,
    () =>
      fc.assert(
        fc.property(
          fc.array(
            fc.oneof(
              fc.uint8Array({ maxLength: 40 }),
              anyFrame.map(({ header, payload }) => encodeFrame(header, payload)),
            ),
          ),
          (parts) => {
            try {
              collectFrames(parts);
            } catch (error) {
              return error instanceof ProtocolError;
            }
            return true;
          },
        ),
        { numRuns: RUNS },
      ),
    FUZZ_TIMEOUT_MS,
  );

  it('answers one changed byte with frames or a ProtocolError', () => {
    for (let place = 0; place < VALID_STREAM.length; place++) {
      const changed = VALID_STREAM.slice();
      changed[place] = (changed[place] ?? 0) ^ (1 << (place % 8));
      try {
        collectFrames([changed]);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }
  });

  it.each(invalid)('refuses from the header alone: $name', ({ hex, code }) =>
    expect(() => collectFrames([fromHex(hex)])).toThrow(expect.objectContaining({ code })),
  );

  it.each(incomplete)('waits for more after $name', ({ hex, frames, isPartial }) => {
    const collector = new FrameCollector();
    const decoder = new FrameDecoder(collector);
    decoder.push(fromHex(hex));
    expect(collector.frames).toHaveLength(frames);
    expect(decoder.isPartial).toBe(isPartial);
  });

  it('hands payload bytes on as views of the input', () => {
    const parts: Uint8Array[] = [];
    const decoder = new FrameDecoder({
      begin: () => undefined,
      bytes: (part) => parts.push(part),
      end: () => undefined,
    });
    decoder.push(PING);
    expect(parts).toHaveLength(1);
    expect(parts[0]?.buffer).toBe(PING.buffer);
  });

  it('survives a hundred thousand frames in one read', () => {
    const flood = new Uint8Array(PING.length * 100_000);
    for (let offset = 0; offset < flood.length; offset += PING.length) flood.set(PING, offset);
    let ended = 0;
    const decoder = new FrameDecoder({
      begin: () => undefined,
      bytes: () => undefined,
      end: () => ended++,
    });
    decoder.push(flood);
    expect(ended).toBe(100_000);
  });

  it('hands on no payload byte of a frame that the sink refused', () => {
    const bytes = jest.fn();
    const decoder = new FrameDecoder({
      begin: () => {
        throw new ProtocolError('UNEXPECTED_MESSAGE', 'not now');
      },
      bytes,
      end: bytes,
    });
    expect(() => decoder.push(PING)).toThrow(expect.objectContaining({ code: 'UNEXPECTED_MESSAGE' }));
    expect(bytes).not.toHaveBeenCalled();
  });

  it('takes nothing after an error, since the place in the stream is lost', () => {
    const collector = new FrameCollector();
    const decoder = new FrameDecoder(collector);
    expect(() => decoder.push(new Uint8Array(12))).toThrow(ProtocolError);
    expect(() => decoder.push(PING)).toThrow(expect.objectContaining({ code: 'MALFORMED_FRAME' }));
    expect(collector.frames).toHaveLength(0);
  });
});
