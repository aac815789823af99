import { formatDuration } from './format-duration';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.4, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [160, '2 min 40 s'],
    [3599.5, '1 h'],
    [3900, '1 h 5 min'],
    [86_400, '24 h'],
    [86_401, '–'],
    [Number.NaN, '–'],
  ])('shows %d seconds as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});
