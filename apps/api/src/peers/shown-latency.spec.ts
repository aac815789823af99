import { shownLatencyMs } from './shown-latency';

describe('shownLatencyMs', () => {
  it.each([
    [12.3456, 12.3],
    [0.25, 0.3],
    [0.001, 0.1],
    [100, 100],
  ])('%d ms is shown as %d ms', (measured, shown) => expect(shownLatencyMs(measured)).toBe(shown));
});
