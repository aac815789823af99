import fc from 'fast-check';
import { FrameType } from '../src/framing/frame-type';
import type { Frame } from './frame-collector';

const { REQUEST, RESPONSE, DATA, ERROR, CANCEL, PING, PONG, EVENT, GOODBYE } = FrameType;

const stream = fc.integer({ min: 1, max: 0xffff_ffff });
const session = fc.constant(0);

/** Any frame that the protocol allows, of every type, with payloads that stay short so that runs stay fast. */
export const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  frame([REQUEST, 0], stream, { min: 1, max: 40 }),
  frame([RESPONSE, 1], stream, { min: 1, max: 40 }),
  frame([DATA, 0], stream, { min: 9, max: 60 }),
  frame([ERROR, 1], fc.oneof(stream, session), { min: 1, max: 40 }),
  frame([CANCEL, 0], stream, { min: 0, max: 0 }),
  frame([PING, 0], session, { min: 8, max: 8 }),
  frame([PONG, 0], session, { min: 8, max: 8 }),
  frame([EVENT, 0], session, { min: 1, max: 40 }),
  frame([GOODBYE, 0], session, { min: 1, max: 40 }),
);

function frame(
  [type, flags]: readonly [FrameType, number],
  streams: fc.Arbitrary<number>,
  { min, max }: { readonly min: number; readonly max: number },
): fc.Arbitrary<Frame> {
  return fc.tuple(streams, fc.uint8Array({ minLength: min, maxLength: max })).map(([id, payload]) => ({
    header: { length: payload.length, type, flags, stream: id },
    payload,
  }));
}
