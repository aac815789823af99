import { formatCountdown } from './format-countdown';

describe('formatCountdown', () => {
  it('shows minutes and seconds and never goes below zero', () => {
    expect(formatCountdown(120)).toBe('2:00');
    expect(formatCountdown(64.2)).toBe('1:05');
    expect(formatCountdown(-3)).toBe('0:00');
  });
});
