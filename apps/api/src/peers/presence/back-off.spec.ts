import { BackOff } from './back-off';

describe('BackOff', () => {
  it('doubles from the first step to the last and stays there', () => {
    const backOff = new BackOff(500, 30_000, () => 1);
    const steps = Array.from({ length: 9 }, () => backOff.next());
    expect(steps).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('never waits less than half a step', () => {
    const backOff = new BackOff(500, 30_000, () => 0);
    expect([backOff.next(), backOff.next()]).toEqual([250, 500]);
  });

  it('starts again after a reset', () => {
    const backOff = new BackOff(500, 30_000, () => 1);
    backOff.next();
    backOff.next();
    backOff.reset();
    expect(backOff.next()).toBe(500);
  });
});
