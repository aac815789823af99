import { Attempts } from './attempts';

const LIMITS = { triesPerDevice: 3, lockOutMs: 600_000, failuresPerMinute: 10 };

describe('Attempts', () => {
  let now = 0;
  let attempts: Attempts;
  const tryAs = (deviceId: string, times = 1) => {
    for (let i = 0; i < times; i += 1) attempts.record(deviceId);
  };

  beforeEach(() => {
    now = 1_000_000;
    attempts = new Attempts({ ...LIMITS, now: () => now });
  });

  it('locks a device out after three tries, for ten minutes', () => {
    tryAs('A', 2);
    expect(attempts.isLockedOut('A')).toBe(false);
    tryAs('A');
    expect(attempts.isLockedOut('A')).toBe(true);
    expect(attempts.isLockedOut('B')).toBe(false);
    now += 599_999;
    expect(attempts.isLockedOut('A')).toBe(true);
    now += 1;
    expect(attempts.isLockedOut('A')).toBe(false);
  });

  it('is spent after ten tries of anybody in a minute', () => {
    for (let i = 0; i < 9; i += 1) tryAs(`device ${i}`);
    expect(attempts.isSpent()).toBe(false);
    tryAs('another');
    expect(attempts.isSpent()).toBe(true);
    now += 60_000;
    expect(attempts.isSpent()).toBe(false);
  });

  it('locks nobody out for what others do, however much that is', () => {
    for (let i = 0; i < 500; i += 1) tryAs(`device ${i}`);
    expect(attempts.isLockedOut('new')).toBe(false);
    expect(attempts.isLockedOut('device 499')).toBe(false);
  });

  it('keeps a lock-out however many other devices try after it', () => {
    tryAs('A', 3);
    for (let minute = 0; minute < 9; minute += 1) {
      now += 60_000;
      for (let i = 0; i < 500; i += 1) tryAs(`${minute}/${i}`);
    }
    expect(attempts.isLockedOut('A')).toBe(true);
  });

  it('forgives a device that has paired', () => {
    tryAs('A', 3);
    tryAs('B', 3);
    attempts.forgive('A');
    expect(attempts.isLockedOut('A')).toBe(false);
    expect(attempts.isLockedOut('B')).toBe(true);
  });
});
