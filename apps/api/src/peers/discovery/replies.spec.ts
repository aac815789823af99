import { MAX_SOURCES } from './limits';
import { Replies } from './replies';

describe('Replies', () => {
  let sent: number;
  let replies: Replies<{ name: string }>;
  const link = { name: 'eth0' };

  beforeEach(() => {
    jest.useFakeTimers();
    sent = 0;
    replies = new Replies(() => (sent += 1));
  });
  afterEach(() => jest.useRealTimers());
  const count = () => {
    jest.runAllTimers();
    return sent;
  };

  it('answers a source once in ten seconds, however often it asks', () => {
    for (let now = 0; now < 10_000; now += 1) replies.want(link, 'a', now);
    expect(count()).toBe(1);
    replies.want(link, 'a', 10_000);
    expect(count()).toBe(2);
  });

  it('answers once a second, however many ask', () => {
    for (let now = 0; now < 10_000; now += 1) replies.want(link, `source ${now}`, now);
    expect(count()).toBe(10);
  });

  it('remembers a bounded number of sources, and answers no others meanwhile', () => {
    const links = Array.from({ length: 2 * MAX_SOURCES }, (_, index) => ({ name: `eth${index}` }));
    links.forEach((each, index) => replies.want(each, `source ${index}`, 0));
    expect(count()).toBe(MAX_SOURCES);
    replies.want(link, 'late', 10_000);
    expect(count()).toBe(MAX_SOURCES + 1);
  });

  it('does not answer at once, so that many do not answer together', () => {
    replies.want(link, 'a', 0);
    jest.advanceTimersByTime(19);
    expect(sent).toBe(0);
    jest.advanceTimersByTime(101);
    expect(sent).toBe(1);
  });

  it('answers nothing after its end', () => {
    replies.want(link, 'a', 0);
    replies.stop();
    expect(count()).toBe(0);
  });
});
