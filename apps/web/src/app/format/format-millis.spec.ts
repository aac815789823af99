import { formatMillis } from './format-millis';

describe('formatMillis', () => {
  it.each([
    [0.84, '0.8 ms'],
    [12.4, '12 ms'],
    [1512, '1.5 s'],
  ])('writes %d', (ms, text) => expect(formatMillis(ms)).toBe(text));
});
