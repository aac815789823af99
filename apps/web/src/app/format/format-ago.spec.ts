import { formatAgo } from './format-ago';

const NOW = Date.parse('2026-05-10T12:00:00Z');

describe('formatAgo', () => {
  it.each([
    ['2026-05-10T12:00:30Z', 'just now'],
    ['2026-05-10T11:59:30Z', 'just now'],
    ['2026-05-10T11:55:00Z', '5 min ago'],
    ['2026-05-10T09:00:00Z', '3 h ago'],
    ['2026-05-09T10:00:00Z', 'yesterday'],
    ['not a date', '–'],
  ])('shows %s as %s', (iso, text) => expect(formatAgo(iso, NOW)).toBe(text));

  it('shows the date of what lies in the future', () => {
    expect(formatAgo('2026-05-10T12:01:00Z', NOW)).toContain('2026');
    expect(formatAgo('2031-01-01T12:00:00Z', NOW)).toContain('2031');
  });

  it('shows the date when it was longer ago', () => {
    expect(formatAgo('2026-03-01T12:00:00Z', NOW)).toContain('2026');
  });
});
