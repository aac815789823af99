import { MAX_KNOWN_REFUSALS, REFUSAL_LIFE_MS } from './limits';
import { Refusals } from './refusals';

describe('Refusals', () => {
  it('knows a reason for a while', () => {
    const refusals = new Refusals();
    refusals.note('a', 'broken', 1_000);
    expect(refusals.reasonOf('a', 1_000 + REFUSAL_LIFE_MS - 1)).toBe('broken');
    expect(refusals.reasonOf('a', 1_000 + REFUSAL_LIFE_MS)).toBeUndefined();
    expect(refusals.reasonOf('b', 1_000)).toBeUndefined();
  });

  it('forgets the oldest of too many', () => {
    const refusals = new Refusals();
    for (let index = 0; index <= MAX_KNOWN_REFUSALS; index += 1) refusals.note(String(index), 'broken');
    expect([refusals.reasonOf('0'), refusals.reasonOf('1')]).toEqual([undefined, 'broken']);
  });
});
