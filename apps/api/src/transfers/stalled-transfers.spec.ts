import { StalledTransfers } from './stalled-transfers';

describe('transfers that stalled', () => {
  let stalled: StalledTransfers;
  beforeEach(() => (stalled = new StalledTransfers()));

  it('pause twice as long each time, up to a minute', () => {
    const pauses = Array.from({ length: 8 }, () => stalled.pause('a', 'peer'));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('make their peer suspect until each has got on', () => {
    stalled.pause('a', 'peer');
    stalled.pause('b', 'peer');
    stalled.resume('a');
    expect([stalled.isPausing('a'), stalled.isPausing('b')]).toEqual([false, true]);
    stalled.forget('a');
    expect(stalled.isSuspect('peer')).toBe(true);
    stalled.forget('b');
    expect(stalled.isSuspect('peer')).toBe(false);
    expect(stalled.isPausing('b')).toBe(false);
  });

  it('say nothing of other peers', () => {
    stalled.pause('a', 'peer');
    expect(stalled.isSuspect('other')).toBe(false);
  });

  it('begin with the shortest pause once they have got on', () => {
    stalled.pause('a', 'peer');
    stalled.forget('a');
    expect(stalled.pause('a', 'peer')).toBe(1000);
  });
});
