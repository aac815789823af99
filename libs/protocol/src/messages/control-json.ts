import { ProtocolError } from '../errors';
import { MAX_CONTROL_BYTES, MAX_JSON_DEPTH } from '../limits';

const encoder = new TextEncoder();
// A byte order mark stays in the text, where JSON does not allow it.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * JSON bytes of a control payload; `undefined` becomes `null`.
 * @throws ProtocolError FRAME_TOO_LARGE, MALFORMED_MESSAGE: nothing is made that {@link decodeControl} would refuse.
 */
export function encodeControl(value: unknown): Uint8Array {
  checkValue(value, 0);
  const bytes = encoder.encode(JSON.stringify(value ?? null));
  if (bytes.length > MAX_CONTROL_BYTES) {
    throw new ProtocolError('FRAME_TOO_LARGE', `message of ${bytes.length} bytes, limit ${MAX_CONTROL_BYTES}`);
  }
  return bytes;
}

/**
 * The JSON value of a control payload. Its shape is not judged here.
 * @throws ProtocolError MALFORMED_MESSAGE: bad UTF-8 or JSON, duplicate keys, deeper than 8, numbers that are not finite or not exact, lone surrogates.
 */
export function decodeControl(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_CONTROL_BYTES) malformed(`${bytes.length} bytes, limit ${MAX_CONTROL_BYTES}`);
  const text = decodeText(bytes);
  const value = parseText(text);
  // JSON.parse keeps the last of two equal keys; another reader may keep the first.
  if (checkValue(value, 0) !== countMembers(text)) malformed('duplicate key');
  return value;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    return malformed('not UTF-8', cause);
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return malformed('not JSON', cause);
  }
}

/** Judges depth, numbers and strings. @returns the members of all objects in it. */
function checkValue(value: unknown, depth: number): number {
  if (typeof value === 'number') return checkNumber(value);
  if (typeof value === 'string') return checkString(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === MAX_JSON_DEPTH) malformed(`deeper than ${MAX_JSON_DEPTH}`);
  if (Array.isArray(value)) {
    return value.reduce<number>((members, item) => members + checkValue(item, depth + 1), 0);
  }
  let members = 0;
  for (const [key, item] of Object.entries(value)) {
    members += 1 + checkString(key) + checkValue(item, depth + 1);
  }
  return members;
}

function checkNumber(value: number): number {
  if (!Number.isFinite(value)) malformed('number is not finite');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) malformed('integer beyond 2^53 - 1');
  return 0;
}

function checkString(value: string): number {
  if (LONE_SURROGATE.test(value)) malformed('lone surrogate');
  return 0;
}

/** Members of all objects in `text`, which is valid JSON: its colons outside strings. */
function countMembers(text: string): number {
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === ':') members++;
    else if (char === '"') at = endOfString(text, at);
  }
  return members;
}

/** Index of the quote that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function malformed(what: string, cause?: unknown): never {
  throw new ProtocolError('MALFORMED_MESSAGE', `control payload: ${what}`, {
    cause,
  });
}
