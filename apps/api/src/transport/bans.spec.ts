import { Bans } from './bans';

const RULE = { violations: 3, memoryMs: 100, banMs: 1_000, maxNames: 4 };

describe('Bans', () => {
  let now: number;
  let bans: Bans;
  beforeEach(() => {
    now = 5_000;
    bans = new Bans(RULE, () => now);
  });
  const noteTimes = (name: string, times: number): boolean[] => Array.from({ length: times }, () => bans.note(name));

  it('refuse nobody at first', () => expect(bans.leftMs('a')).toBe(0));

  it('begin with the last of the violations, and say so once', () => {
    expect(noteTimes('a', 3)).toEqual([false, false, true]);
    expect(bans.leftMs('a')).toBe(1_000);
    expect(bans.leftMs('b')).toBe(0);
  });

  it('end after their time, and then count from the start', () => {
    noteTimes('a', 3);
    now += 999;
    expect(bans.leftMs('a')).toBe(1);
    now += 1;
    expect(bans.leftMs('a')).toBe(0);
    expect(noteTimes('a', 3)).toEqual([false, false, true]);
  });

  it('are not for violations that lie far apart', () => {
    for (let count = 0; count < 10; count++) {
      expect(bans.note('a')).toBe(false);
      now += 50;
      expect(bans.note('b')).toBe(false);
      now += 50;
    }
  });

  it('look at a window that moves with the time', () => {
    const noted = [0, 60, 60, 30].map((pause) => {
      now += pause;
      return bans.note('a');
    });
    expect(noted).toEqual([false, false, false, true]);
  });

  it('remember a bounded number of names, the newest', () => {
    noteTimes('a', 2);
    for (const name of ['b', 'c', 'd', 'e']) bans.note(name);
    expect(bans.note('a')).toBe(false); // forgotten: this is its first again
    expect(noteTimes('e', 2)).toEqual([false, true]);
  });

  it('outlive a flood of other names that break a rule once', () => {
    noteTimes('a', 3);
    for (let count = 0; count < 1_000; count++) bans.note(`other ${count}`);
    expect(bans.leftMs('a')).toBe(1_000);
  });

  it('are bounded themselves', () => {
    for (let count = 0; count < 10; count++) noteTimes(`banned ${count}`, 3);
    const left = Array.from({ length: 10 }, (_, count) => bans.leftMs(`banned ${count}`) > 0);
    expect(left.filter(Boolean)).toHaveLength(RULE.maxNames);
    expect(left.at(-1)).toBe(true);
  });
});
