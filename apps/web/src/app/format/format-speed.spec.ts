import { formatSpeed } from './format-speed';

describe('formatSpeed', () => {
  it('uses the units of sizes', () => {
    expect(formatSpeed(0)).toBe('0 B/s');
    expect(formatSpeed(11_744_051)).toBe('11.2 MiB/s');
  });
});
