import { encodeControl, FLAG_END, FrameType, PATTERNS } from '@ferry/protocol';

const HEADER_BYTES = 12;
const NOTHING = new Uint8Array(0);

/** What a header is to say, right or wrong; fields that are left out are 0, the length that of the payload. */
export interface RawHeader {
  readonly type: number;
  readonly stream?: number;
  readonly flags?: number;
  readonly length?: number;
  readonly reserved?: number;
}

/** A frame without any judgement. PROTOCOL.md section 3. */
export function rawFrame(header: RawHeader, payload: Uint8Array = NOTHING): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header.length ?? payload.length);
  view.setUint8(4, header.type);
  view.setUint8(5, header.flags ?? 0);
  view.setUint16(6, header.reserved ?? 0);
  view.setUint32(8, header.stream ?? 0);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** Several frames, or pieces of them, as one write. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** A REQUEST whose payload is the given text, JSON or not. */
export function requestText(stream: number, text: string): Uint8Array {
  return rawFrame({ type: FrameType.REQUEST, stream }, Buffer.from(text));
}

export function requestFrame(stream: number, pattern: string, data: unknown = {}): Uint8Array {
  return rawFrame({ type: FrameType.REQUEST, stream }, encodeControl({ pattern, data }));
}

/** @param hello over what a proper device says. */
export function helloFrame(hello: object = {}): Uint8Array {
  return requestFrame(1, PATTERNS.hello, helloOf(hello));
}

export function helloOf(hello: object = {}): object {
  return { protocol: 1, name: 'attacker', features: [], ...hello };
}

export function responseFrame(stream: number, value: unknown): Uint8Array {
  return rawFrame({ type: FrameType.RESPONSE, flags: FLAG_END, stream }, encodeControl(value));
}

export function errorFrame(stream: number, code: number, name: string, message: string): Uint8Array {
  return rawFrame({ type: FrameType.ERROR, flags: FLAG_END, stream }, encodeControl({ code, name, message }));
}

export function eventFrame(pattern: string, data: unknown = {}): Uint8Array {
  return rawFrame({ type: FrameType.EVENT }, encodeControl({ pattern, data }));
}

export function goodbyeFrame(): Uint8Array {
  return rawFrame({ type: FrameType.GOODBYE }, encodeControl({ code: 0, message: 'bye' }));
}

export function cancelFrame(stream: number): Uint8Array {
  return rawFrame({ type: FrameType.CANCEL, stream });
}

export function dataFrame(stream: number, payload: Uint8Array): Uint8Array {
  return rawFrame({ type: FrameType.DATA, stream }, payload);
}

/** @param opaque a number of 32 bits that the PONG brings back. */
export function pingFrame(opaque = 0): Uint8Array {
  const payload = new Uint8Array(8);
  new DataView(payload.buffer).setUint32(4, opaque);
  return rawFrame({ type: FrameType.PING }, payload);
}
