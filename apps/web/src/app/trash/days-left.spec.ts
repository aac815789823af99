import { daysLeft } from './days-left';

describe('daysLeft', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');

  it.each([
    ['2026-12-22T12:00:00Z', 'erased in 30 days'],
    ['2026-11-22T13:00:00Z', 'erased in 1 day'],
    ['2026-11-22T11:00:00Z', 'erased soon'],
    [undefined, 'kept until you erase it'],
  ])('of %p is %p', (at, words) => expect(daysLeft(at, now)).toBe(words));
});
