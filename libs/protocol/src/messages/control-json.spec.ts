import fc from 'fast-check';
import { utf8 } from '../../testing/bytes';
import { ProtocolError } from '../errors';
import { MAX_CONTROL_BYTES } from '../limits';
import { decodeControl, encodeControl } from './control-json';

const malformed = expect.objectContaining({ code: 'MALFORMED_MESSAGE' });

/** What a control payload can carry, at most as deep as it may be. */
const jsonValue = fc.jsonValue({ maxDepth: 8 }).filter((value) => isCarriable(value));

function isCarriable(value: unknown): boolean {
  try {
    encodeControl(value);
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

describe('control JSON', () => {
  it('decodes what it encoded', () =>
    fc.assert(
      fc.property(jsonValue, (value) => {
        // JSON has no negative zero, so the expectation takes the same road.
        expect(decodeControl(encodeControl(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 2_000 },
    ));

  it('answers arbitrary bytes with a value or a ProtocolError', () =>
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(utf8), fc.string().map(utf8)), (bytes) => {
        try {
          decodeControl(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProtocolError', code: 'MALFORMED_MESSAGE' });
        }
      }),
      { numRuns: 5_000 },
    ));

  it('finds a duplicate key wherever JSON text has one', () =>
    fc.assert(
      fc.property(fc.string(), jsonValue, fc.array(jsonValue, { maxLength: 3 }), (key, value, before) => {
        const member = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
        const text = `{"list":${JSON.stringify(before)},"object":{${member},${member}}}`;
        expect(() => decodeControl(utf8(text))).toThrow(malformed);
      }),
      { numRuns: 500 },
    ));

  it('does not take colons, quotes and braces inside strings for structure', () => {
    const value = { 'a":{"b\\': ':\\":{"x":1}', c: ['"', ':', '\\', '\\"'] };
    expect(decodeControl(encodeControl(value))).toEqual(value);
  });

  it('keeps a member called __proto__ as a member', () => {
    const value = decodeControl(utf8('{"__proto__":{"port":1}}'));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });

  it('carries exactly 64 KiB and no byte more', () => {
    const longest = 'x'.repeat(MAX_CONTROL_BYTES - 2);
    expect(decodeControl(encodeControl(longest))).toBe(longest);
    expect(() => encodeControl(`${longest}x`)).toThrow(expect.objectContaining({ code: 'FRAME_TOO_LARGE' }));
    expect(() => decodeControl(utf8(`"${longest}x"`))).toThrow(malformed);
  });

  it('encodes undefined as null', () => expect(encodeControl(undefined)).toEqual(utf8('null')));

  it.each([
    ['a number that is not finite', { a: Number.NaN }],
    ['an integer that is not exact', [2 ** 53]],
    ['a lone surrogate', { '\ud800': 1 }],
    ['nine levels', [[[[[[[[[]]]]]]]]]],
  ])('does not send %s', (_name, value) => expect(() => encodeControl(value)).toThrow(malformed));

  it.each([
    ['open brackets', '['.repeat(60_000)],
    ['nested brackets', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['keys', `{${Array.from({ length: 7_000 }, (_, i) => `"${i}":0`).join(',')}}`],
    ['quotes', `"${'\\"'.repeat(30_000)}`],
    ['colons', `"${':'.repeat(60_000)}"`],
  ])('judges 60 KiB of %s quickly', (_name, text) => {
    const before = process.cpuUsage();
    try {
      decodeControl(utf8(text));
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
    }
    // Processor time, which a busy machine does not lengthen: a few ms, and seconds were it quadratic.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(500);
  });
});
