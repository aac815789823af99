import fc from 'fast-check';
import { collisionKey } from './collision-key';

describe('collisionKey', () => {
  it.each([
    ['README.txt', 'readme.TXT', 'ASCII case'],
    ['é.txt', 'e\u0301.txt', 'composed and decomposed'],
    ['\u0130.txt', 'i\u0307.txt', 'I with dot above and its lower case'],
    ['straße', 'STRASSE', 'sharp s'],
    ['\u1e9e', 'ss', 'capital sharp s'],
    ['\ufb01le', 'file', 'ligature'],
    ['\u212aelvin', 'kelvin', 'Kelvin sign'],
    ['\u212bngström', 'ångström', 'Angstrom sign'],
    ['\uff21', 'a', 'full width'],
    ['ΟΔΟΣ', 'οδος', 'sigma at the end of a word'],
    ['ΟΔΟΣ', 'οδοσ', 'sigma within a word'],
    ['\u1fb3', '\u03b1\u03b9', 'iota subscript'],
    ['\u0149', 'ʼn', 'n after an apostrophe'],
    ['①', '1', 'number in a circle'],
    ['\u13a0', '\uab70', 'Cherokee, whose small letters came later'],
    ['\u01c4', 'dž', 'letter pair'],
    ['ſ', 's', 'long s'],
  ])('%s and %s are one name: %s', (one, other) => expect(collisionKey(one)).toBe(collisionKey(other)));

  it.each([
    ['a', 'b'],
    ['\u0131', 'i'], // dotless
    ['a', 'ä'],
    ['a b', 'a\u2003\u2003b'],
    ['', '_'],
  ])('%s and %s are two names', (one, other) => expect(collisionKey(one)).not.toBe(collisionKey(other)));

  /** Much that folds, composes or both. */
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom('İ', 'i', 'ı', 'ß', 'ẞ', 'Σ', 'ς', '\u0345', '\u0301', '\u0307', 'ﬃ', 'K', 'ﷺ', 'Å'),
    }),
  );
  const same = (change: (name: string) => string) => (name: string) =>
    collisionKey(change(name)) === collisionKey(name);

  it('is its own key', () => fc.assert(fc.property(text, same(collisionKey)), { numRuns: 20_000 }));
  it('does not depend on the form of the characters', () => {
    for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
      fc.assert(
        fc.property(
          text,
          same((name) => name.normalize(form)),
        ),
        { numRuns: 5_000 },
      );
    }
  });
  it('does not depend on case, but for the dotless i, whose upper case is that of another letter', () => {
    const dotted = text.map((name) => name.replaceAll('ı', 'i'));
    fc.assert(
      fc.property(
        dotted,
        same((name) => name.normalize('NFD').toLowerCase()),
      ),
      { numRuns: 10_000 },
    );
    fc.assert(
      fc.property(
        dotted,
        same((name) => name.normalize('NFD').toUpperCase()),
      ),
      { numRuns: 10_000 },
    );
  });
  it('is the same for characters that a case-insensitive expression takes for one', () => {
    const differing: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      for (const variant of [character.toLowerCase(), character.toUpperCase()]) {
        if (variant === character || !/^[^\\^$.*+?()[\]{}|/]$/u.test(variant)) continue;
        const isSame = new RegExp(`^${variant}$`, 'iu').test(character);
        if (isSame && collisionKey(variant) !== collisionKey(character)) differing.push(character);
      }
    }
    expect(differing).toEqual([]);
  });
});
