import { coalesce } from './coalesce';

describe('coalesce', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('runs the first request at once and all later ones of the interval as one', () => {
    let runs = 0;
    const request = coalesce(() => (runs += 1), 1000);
    request();
    expect(runs).toBe(1);
    for (let i = 0; i < 100; i += 1) request();
    expect(runs).toBe(1);
    jest.advanceTimersByTime(1000);
    expect(runs).toBe(2);
    jest.advanceTimersByTime(5000);
    expect(runs).toBe(2);
  });

  it('runs nothing after it was stopped', () => {
    let runs = 0;
    const request = coalesce(() => (runs += 1), 1000);
    request();
    request();
    request.stop();
    jest.advanceTimersByTime(5000);
    expect(runs).toBe(1);
  });
});
