import fc from 'fast-check';
import { displayText } from './display-text';

describe('displayText', () => {
  it.each([
    ['plain words', "Ada's laptop", "Ada's laptop"],
    ['letters of other scripts', 'Ådas 笔记本 🎁', 'Ådas 笔记本 🎁'],
    ['escape sequences', '\u001b[31mred', '[31mred'],
    ['line breaks', 'a\r\nb\u2028c', 'a b c'],
    ['bidi marks', 'exe.\u202egpj', 'exe. gpj'],
    ['zero width characters', 'a\u200b\u2060b', 'a b'],
    ['spaces around', ' \t a  b \n', 'a b'],
    ['a lone surrogate', 'a\ud800b', 'a b'],
    ['HTML, which is for the page to escape', '<b>&', '<b>&'],
  ])('cleans %s', (_name, text, shown) => expect(displayText(text, 64)).toBe(shown));

  it('counts code points and never cuts one in two', () => expect(displayText('🎁'.repeat(100), 3)).toBe('🎁🎁🎁'));

  it('is short, one line, well formed and stays as it is when cleaned again', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, maxChars) => {
        const shown = displayText(text, maxChars);
        expect([...shown].length).toBeLessThanOrEqual(maxChars);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(displayText(shown, maxChars)).toBe(shown);
      }),
      { numRuns: 500 },
    ));
});
