import { SpaceRetries } from './space-retries';

describe('space retries', () => {
  let now: number;
  let retries: SpaceRetries;
  beforeEach(() => {
    now = 1;
    retries = new SpaceRetries(() => now);
  });

  /** Milliseconds until the transfer may be tried again. */
  function pause(): number {
    const from = now;
    while (!retries.mayTry('a')) now += 1_000;
    return now - from;
  }

  it('let a transfer go on at once the first time and after progress', () => {
    retries.failed('a', 10);
    expect(pause()).toBe(0);
    retries.failed('a', 11);
    expect(pause()).toBe(0);
    expect(retries.mayTry('unknown')).toBe(true);
  });

  it('wait longer each time a transfer gets nowhere, five minutes at most', () => {
    const pauses = Array.from({ length: 9 }, () => {
      retries.failed('a', 10);
      return pause() / 1_000;
    });
    expect(pauses).toEqual([0, 5, 10, 20, 40, 80, 160, 300, 300]);
  });
});
