import fc from 'fast-check';
import { utf8 } from '../../testing/bytes';
import { fromBase32, toBase32 } from './base32';
import { fromBase64Url, toBase64Url } from './base64url';
import { fromHex, toHex } from './hex';

describe('hex', () => {
  it('writes lower case and reads it back', () =>
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
      { numRuns: 300 },
    ));

  it.each(['0', 'AB', '0g', ' 00', '00\n'])('refuses %j', (text) =>
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'MALFORMED_MESSAGE' })),
  );
});

describe('base32', () => {
  // RFC 4648 section 10, without the padding.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('maps %j to %j and back', (bytes, text) => {
    expect(toBase32(utf8(bytes))).toBe(text);
    expect(fromBase32(text)).toEqual(utf8(bytes));
  });

  it('reads back what it wrote', () =>
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => expect(fromBase32(toBase32(bytes))).toEqual(bytes)),
      { numRuns: 300 },
    ));

  it.each(['my', 'M', 'MZ', 'MY======', 'M1', 'MZXW6Y0', 'MYA'])('refuses %j', (text) =>
    expect(fromBase32(text)).toBeUndefined(),
  );
});

describe('base64url', () => {
  it('is what the platform writes, and reads it back', () =>
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
      { numRuns: 300 },
    ));

  it.each(['A', 'AB', 'AA==', '+A', 'A/', 'AAAAA', 'A A'])('refuses %j', (text) =>
    expect(fromBase64Url(text)).toBeUndefined(),
  );
});
