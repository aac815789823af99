import { formatCount } from './format-count';

describe('formatCount', () => {
  it('chooses the word by the number', () => {
    expect(formatCount(1, 'file')).toBe('1 file');
    expect(formatCount(0, 'file')).toBe('0 files');
    expect(formatCount(12_953, 'entry', 'entries')).toBe('12,953 entries');
  });
});
