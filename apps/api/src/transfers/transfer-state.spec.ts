import { TRANSFER_STATES } from '@ferry/protocol';
import { canBecome, INTERRUPTED_STATES, isFinal, isRunning } from './transfer-state';

describe('transfer state', () => {
  it('leaves complete, cancelled and declined never', () => {
    for (const from of ['complete', 'cancelled', 'declined'] as const)
      expect(TRANSFER_STATES.filter((to) => canBecome(from, to))).toEqual([]);
  });

  it('lets every unfinished state be cancelled', () => {
    for (const from of TRANSFER_STATES.filter((state) => !isFinal(state)))
      expect(canBecome(from, 'cancelled')).toBe(true);
  });

  it('completes only from verifying, so nothing unverified is complete', () => {
    expect(TRANSFER_STATES.filter((from) => canBecome(from, 'complete'))).toEqual(['verifying']);
  });

  it('puts every interrupted state back into the queue', () => {
    for (const from of INTERRUPTED_STATES) expect(canBecome(from, 'queued')).toBe(true);
  });

  it('never goes to itself', () => {
    for (const state of TRANSFER_STATES) expect(canBecome(state, state)).toBe(false);
  });

  it('counts a waiting transfer as not running', () => {
    expect(isRunning('waiting-for-peer')).toBe(false);
    expect(isRunning('verifying')).toBe(true);
  });
});
