import {
  displayText,
  encodeControl,
  encodeFrame,
  errorMessageOf,
  FLAG_END,
  FrameType,
  PING_BYTES,
  ProtocolError,
  type ProtocolErrorCode,
} from '@ferry/protocol';
import { MAX_FATAL_MESSAGE_CHARS } from './limits';

export function requestFrame(stream: number, payload: Uint8Array): Uint8Array {
  return encodeFrame({ type: FrameType.REQUEST, flags: 0, stream }, payload);
}

/** @throws ProtocolError when the value cannot be sent. */
export function responseFrame(stream: number, value: unknown): Uint8Array {
  return encodeFrame({ type: FrameType.RESPONSE, flags: FLAG_END, stream }, encodeControl(value));
}

export function errorFrame(stream: number, error: ProtocolError): Uint8Array {
  const payload = encodeControl(errorMessageOf(error));
  return encodeFrame({ type: FrameType.ERROR, flags: FLAG_END, stream }, payload);
}

/** The last word to a peer that broke the protocol: at most 256 bytes. */
export function fatalFrame(error: ProtocolError): Uint8Array {
  // What the peer sent may stand in the message: ASCII only, so that characters are bytes.
  const ascii = displayText(error.message, MAX_FATAL_MESSAGE_CHARS).replace(/[^ -~]|["\\]/g, '?');
  return errorFrame(0, new ProtocolError(error.code, ascii));
}

export function cancelFrame(stream: number): Uint8Array {
  return encodeFrame({ type: FrameType.CANCEL, flags: 0, stream }, new Uint8Array(0));
}

export function eventFrame(pattern: string, data: unknown): Uint8Array {
  const payload = encodeControl({ pattern, data });
  return encodeFrame({ type: FrameType.EVENT, flags: 0, stream: 0 }, payload);
}

/** @param token echoed by the peer; exactly 8 bytes. */
export function pingFrame(type: typeof FrameType.PING | typeof FrameType.PONG, token: Uint8Array): Uint8Array {
  return encodeFrame({ type, flags: 0, stream: 0 }, token.subarray(0, PING_BYTES));
}

/** @param code absent: an ordinary end. */
export function goodbyeFrame(message: string, code?: ProtocolErrorCode): Uint8Array {
  const wireCode = code ? new ProtocolError(code, message).wireCode : 0;
  const payload = encodeControl({ code: wireCode, message });
  return encodeFrame({ type: FrameType.GOODBYE, flags: 0, stream: 0 }, payload);
}
