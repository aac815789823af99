import { Attempts } from './attempts';

const LIMITS = { triesPerDevice: 3, lockOutMs: 600_000, failuresPerMinute: 10 };

describe('Attempts', () => {
  let now = 0;
  let attempts: Attempts;
  const failAs = (deviceId: string, times = 1) => {
    for (let i = 0; i < times; i += 1) attempts.fail(deviceId);
  };

  beforeEach(() => {
    now = 1_000_000;
    attempts = new Attempts({ ...LIMITS, now: () => now });
  });

  it('locks a device out after three failures, for ten minutes', () => {
    failAs('A', 2);
    expect(attempts.mayTry('A')).toBe(true);
    failAs('A');
    expect(attempts.mayTry('A')).toBe(false);
    expect(attempts.mayTry('B')).toBe(true);
    now += 599_999;
    expect(attempts.mayTry('A')).toBe(false);
    now += 1;
    expect(attempts.mayTry('A')).toBe(true);
  });

  it('stops everybody after ten failures in a minute', () => {
    for (let i = 0; i < 10; i += 1) failAs(`device ${i}`);
    expect(attempts.mayTry('new')).toBe(false);
    now += 60_000;
    expect(attempts.mayTry('new')).toBe(true);
  });

  it('keeps a lock-out however many other devices fail after it', () => {
    failAs('A', 3);
    for (let minute = 0; minute < 9; minute += 1) {
      now += 60_000;
      for (let i = 0; i < 10; i += 1) failAs(`${minute}/${i}`);
    }
    expect(attempts.mayTry('A')).toBe(false);
  });
});
