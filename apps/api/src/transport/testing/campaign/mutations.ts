import fc from 'fast-check';
import { HEADER_BYTES } from '@ferry/protocol';

/** One change to a recorded stream of frames. `at` and `to` are taken modulo what is there. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'drop' | 'duplicate' | 'swap' | 'truncate'; readonly at: number; readonly to: number }
  | { readonly kind: 'splice'; readonly at: number; readonly to: number };

const place = fc.nat(0xffff_ffff);

export const anyMutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constantFrom('drop', 'duplicate', 'swap', 'truncate' as const), at: place, to: place }),
  fc.record({ kind: fc.constant('splice' as const), at: place, to: place }),
);

/** @param other a stream whose tail a splice takes. @returns a new stream. */
export function mutate(stream: Uint8Array, mutation: Mutation, other: Uint8Array): Uint8Array {
  const at = mutation.at % (stream.length + 1);
  switch (mutation.kind) {
    case 'flip':
      return flipped(stream, mutation.at % stream.length, mutation.bit);
    case 'truncate':
      return stream.slice(0, at);
    case 'splice':
      return Buffer.concat([stream.subarray(0, at), other.subarray(mutation.to % (other.length + 1))]);
    default:
      return reordered(stream, mutation.kind, mutation.at, mutation.to);
  }
}

function flipped(stream: Uint8Array, at: number, bit: number): Uint8Array {
  const changed = Uint8Array.from(stream);
  changed[at] = (changed[at] ?? 0) ^ (1 << bit);
  return changed;
}

/** Works on whole frames, so that what is wrong is the order and not the framing. */
function reordered(stream: Uint8Array, kind: 'drop' | 'duplicate' | 'swap', from: number, to: number): Uint8Array {
  const frames = framesOf(stream);
  if (frames.length === 0) return stream;
  const [a, b] = [from % frames.length, to % frames.length];
  const frame = frames[a] ?? new Uint8Array();
  if (kind === 'drop') frames.splice(a, 1);
  else if (kind === 'duplicate') frames.splice(b, 0, frame);
  else [frames[a], frames[b]] = [frames[b] ?? frame, frame];
  return Buffer.concat(frames);
}

/** Cuts a stream into its frames; what is no whole frame any more is the last piece. */
export function framesOf(stream: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < stream.length;) {
    const rest = new DataView(stream.buffer, stream.byteOffset + offset);
    const length = rest.byteLength >= HEADER_BYTES ? rest.getUint32(0) : rest.byteLength;
    const end = Math.min(stream.length, offset + HEADER_BYTES + length);
    frames.push(stream.subarray(offset, end));
    offset = end;
  }
  return frames;
}
