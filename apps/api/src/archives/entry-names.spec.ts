import fc from 'fast-check';
import { UniqueNames, zipName, zipPath } from './entry-names';

describe('names in a zip', () => {
  it.each([
    'plain.txt',
    'a/b/日本 é 🎈.txt',
    '.hidden',
    '...',
    'e\u0301',
    'نمی\u200Cخواهم',
    'con',
    'trailing. ',
    '-rf',
  ])('keeps %s', (path) => expect(zipPath(path)).toBe(path));

  it.each([
    ['..\\..\\evil.txt', /^\.\._\.\._evil \([0-9a-f]{8}\)\.txt$/],
    ['C:evil.txt', /^C_evil \([0-9a-f]{8}\)\.txt$/],
    ['\\\\server\\share', /^__server_share \([0-9a-f]{8}\)$/],
    ['line\nbreak', /^line_break \([0-9a-f]{8}\)$/],
    ['ab:c', /^ab_c \([0-9a-f]{8}\)$/],
    ['photo\u202Egpj.exe', /^photo_gpj \([0-9a-f]{8}\)\.exe$/],
    ['zero\u200Bwidth\u2066', /^zero_width_ \([0-9a-f]{8}\)$/],
    ['c1\u009B\u2028', /^c1__ \([0-9a-f]{8}\)$/],
    ['up\u2215\uFF3Cdown', /^up__down \([0-9a-f]{8}\)$/],
    ['..', /^_ \([0-9a-f]{8}\)$/],
  ])('changes %j', (name, expected) => expect(zipName(name)).toMatch(expected));

  it('never makes a way out, and never one name of two', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: fc.constantFrom('.', '\\', ':', '_', 'c', '\n') }),
        (a, b) => {
          const [first, second] = [a, b].map((name) => name.replaceAll('/', ''));
          for (const name of [first, second].map((each) => zipName(each ?? ''))) {
            expect(name).not.toMatch(/^\.{0,2}$|[\\/]|^[a-z]:/i);
          }
          if (first !== second) expect(zipName(first ?? '')).not.toBe(zipName(second ?? ''));
        },
      ),
    ));

  it('makes the names of a selection differ', () => {
    const names = new UniqueNames();
    const taken = ['a.txt', 'A.TXT', 'a.txt', 'a (2).txt', 'é', 'e\u0301', 'folder'].map((name) => names.take(name));
    expect(taken).toEqual(['a.txt', 'A (2).TXT', 'a (3).txt', 'a (2) (2).txt', 'é', 'e\u0301 (2)', 'folder']);
  });
});
