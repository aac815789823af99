import { ProtocolError } from '../errors';
import { HEADER_BYTES } from '../limits';
import { FLAG_END, ruleOf } from './frame-type';

/** Fixed part of every frame, network byte order. Source: PROTOCOL.md section 3. */
export interface FrameHeader {
  /** u32, payload bytes after the header. */
  readonly length: number;
  /** u8, a {@link FrameType}. */
  readonly type: number;
  /** u8, bit 0 is {@link FLAG_END}. */
  readonly flags: number;
  /** u32, 0 addresses the session itself. */
  readonly stream: number;
}

/**
 * Writes the 12 header bytes at `offset`; what follows them is the caller's.
 * @throws ProtocolError when {@link decodeHeader} would refuse the header.
 */
export function encodeHeader(header: FrameHeader, into: Uint8Array, offset = 0): void {
  checkHeader(header);
  const view = new DataView(into.buffer, into.byteOffset + offset, HEADER_BYTES);
  view.setUint32(0, header.length);
  view.setUint8(4, header.type);
  view.setUint8(5, header.flags);
  view.setUint16(6, 0);
  view.setUint32(8, header.stream);
}

/**
 * Reads and judges the 12 header bytes at `offset`.
 * @throws ProtocolError FRAME_TOO_LARGE, MALFORMED_FRAME: for all that is wrong in a header alone.
 */
export function decodeHeader(bytes: Uint8Array, offset = 0): FrameHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, HEADER_BYTES);
  const header = {
    length: view.getUint32(0),
    type: view.getUint8(4),
    flags: view.getUint8(5),
    stream: view.getUint32(8),
  };
  checkHeader(header);
  const reserved = view.getUint16(6);
  if (reserved !== 0) malformed(`reserved field is ${reserved}, not 0`);
  return header;
}

/** One whole frame in a new array; the payload is copied. For DATA, write into a pooled buffer with {@link encodeHeader}. */
export function encodeFrame(header: Omit<FrameHeader, 'length'>, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  encodeHeader({ ...header, length: payload.length }, frame);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

function checkHeader({ length, type, flags, stream }: FrameHeader): void {
  const rule = ruleOf(type);
  if (length > rule.maxLength) {
    throw new ProtocolError('FRAME_TOO_LARGE', `${rule.name} of ${length} bytes, limit ${rule.maxLength}`);
  }
  if (length < rule.minLength) {
    malformed(`${rule.name} of ${length} bytes, least ${rule.minLength}`);
  }
  if (flags !== (rule.carriesEnd ? FLAG_END : 0)) malformed(`${rule.name} with flags ${flags}`);
  if (stream >>> 0 !== stream) malformed(`${rule.name} on stream ${stream}`);
  if (stream === 0 ? !rule.onSession : !rule.onStream) malformed(`${rule.name} on stream ${stream}`);
}

function malformed(what: string): never {
  throw new ProtocolError('MALFORMED_FRAME', what);
}
