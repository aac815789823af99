import { shownName } from './shown-name';

describe('shownName', () => {
  it.each([
    ['a mark that reverses what follows', 'invoice\u202Etxt.exe', 'invoice txt.exe'],
    ['an isolate', 'a\u2067b\u2069.txt', 'a b .txt'],
    ['control characters', 'a\n\u001B[31mb.txt', 'a [31mb.txt'],
    ['nothing that can be seen', '\u200B\u200E', 'unnamed file'],
  ])('cleans %s', (_what, name, shown) => expect(shownName(name)).toBe(shown));

  it('leaves other writing systems alone', () => expect(shownName('שלום/日本語.txt')).toBe('שלום/日本語.txt'));
});
