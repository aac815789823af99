import fc from 'fast-check';
import { sha256 } from '../../testing/bytes';
import { readVectors } from '../../testing/vectors';
import { fromBase64Url, toBase64Url } from '../text/base64url';
import { fromHex, toHex } from '../text/hex';
import { sasCommitmentInput, sasFromDigest, sasInput } from './sas';
import { SAS_SYMBOLS } from './sas-symbols';

/** Written by identity.py. */
interface ComparisonVectors {
  readonly symbols: readonly string[];
  readonly comparisons: readonly {
    readonly initiatorId: string;
    readonly responderId: string;
    readonly initiatorNonce: string;
    readonly responderNonce: string;
    readonly exporter: string;
    readonly commitInput: string;
    readonly commitment: string;
    readonly sasInput: string;
    readonly sasBytes: string;
    readonly digits: string;
    readonly symbols: readonly string[];
  }[];
}

const { symbols, comparisons } = readVectors<ComparisonVectors>('identity.json');
const [first] = comparisons;
const bytesOf = (text = ''): Uint8Array => fromBase64Url(text) ?? new Uint8Array(0);
const malformed = expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED_MESSAGE' });

describe('short authentication string', () => {
  it.each(comparisons)('agrees with the independent $digits $symbols', (vector) => {
    const { initiatorId, responderId } = vector;
    const initiatorNonce = bytesOf(vector.initiatorNonce);
    const commitInput = sasCommitmentInput(initiatorId, responderId, initiatorNonce);
    expect(toHex(commitInput)).toBe(vector.commitInput);
    expect(toBase64Url(sha256([commitInput]))).toBe(vector.commitment);

    const responderNonce = bytesOf(vector.responderNonce);
    const exporter = fromHex(vector.exporter);
    const input = sasInput({ initiatorId, responderId, initiatorNonce, responderNonce, exporter });
    expect(toHex(input)).toBe(vector.sasInput);
    expect(toHex(sha256([input]))).toBe(vector.sasBytes);
    expect(sasFromDigest(fromHex(vector.sasBytes))).toEqual({ digits: vector.digits, symbols: vector.symbols });
  });

  it('is another one when any input is another one', () => {
    const shown = comparisons.map(({ digits, symbols: names }) => [digits, ...names].join(' '));
    expect(new Set(shown).size).toBe(comparisons.length);
  });

  it('is six digits and four known symbols, whatever the digest', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) => {
        const shown = sasFromDigest(digest);
        expect(shown.digits).toMatch(/^\d{6}$/);
        expect(shown.symbols).toHaveLength(4);
        expect(shown.symbols.filter((name) => !symbols.includes(name))).toEqual([]);
      }),
    ));

  it.each([
    ['00000000000f4240', '000000'], // 1,000,000
    ['00000000000f423f', '999999'],
    ['ffffffffffffffff', '551615'], // 2^64 - 1, beyond what a double holds
  ])('takes the digits of the unsigned number %s', (number, digits) =>
    expect(sasFromDigest(fromHex(number.padEnd(64, '0'))).digits).toBe(digits),
  );

  it('takes the low six bits of a byte for a symbol', () =>
    expect(sasFromDigest(fromHex(`${'0'.repeat(16)}003f40ff`.padEnd(64, '0'))).symbols).toEqual([
      SAS_SYMBOLS[0]?.name,
      SAS_SYMBOLS[63]?.name,
      SAS_SYMBOLS[0]?.name,
      SAS_SYMBOLS[63]?.name,
    ]));

  it.each([
    ['a short nonce', () => sasCommitmentInput(first?.initiatorId ?? '', first?.responderId ?? '', new Uint8Array(31))],
    ['no device id', () => sasCommitmentInput('x', first?.responderId ?? '', new Uint8Array(32))],
    ['a short digest', () => sasFromDigest(new Uint8Array(12))],
  ])('is not made of %s', (_what, make) => expect(make).toThrow(malformed));
});

describe('SAS_SYMBOLS', () => {
  it('has the names and the order of the independent table', () =>
    expect(SAS_SYMBOLS.map(({ name }) => name)).toEqual(symbols));

  it('has 64 signs, no two alike', () => {
    expect(SAS_SYMBOLS).toHaveLength(64);
    expect(new Set(SAS_SYMBOLS.map(({ name }) => name)).size).toBe(64);
    expect(new Set(SAS_SYMBOLS.map(({ emoji }) => emoji)).size).toBe(64);
  });

  it.each(SAS_SYMBOLS)('shows $name as one picture without a variation selector', ({ name, emoji }) => {
    expect(name).toMatch(/^[a-z]{3,9}$/);
    expect(emoji).toMatch(/^\p{Emoji_Presentation}$/u);
  });
});
