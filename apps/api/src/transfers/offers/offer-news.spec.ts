import type { Offer } from '@ferry/protocol';
import { EventsService } from '../../events/events.service';
import { OfferNews } from './offer-news';
import type { IncomingOffer } from './offer-record';
import { ShownEntries } from './shown-entries';

describe('news of offers', () => {
  let events: EventsService;
  let news: OfferNews;

  beforeEach(() => {
    jest.useFakeTimers();
    events = new EventsService();
    news = new OfferNews(events);
  });
  afterEach(() => {
    news.onModuleDestroy();
    jest.useRealTimers();
  });

  const offer = (id: number): IncomingOffer => ({
    seq: id,
    id: String(id),
    offerId: String(id),
    peerId: 'PEER',
    direction: 'in',
    count: 1,
    bytes: 1,
    lifetimeMs: 1,
    createdAt: 0,
    state: 'waiting',
    shown: new ShownEntries(),
    isBeingAccepted: false,
    isUnasked: false,
  });

  const told = () =>
    Array.from({ length: events.newest }, (_, index) => {
      const event = events.at(index + 1);
      const { data } = JSON.parse(event?.data ?? '') as { data: Offer };
      return `${event?.type} ${data.id} ${data.state}`;
    });

  it('tells at most ten a second of those that peers make, and leaves none out', () => {
    for (let id = 0; id < 25; id += 1) news.added(offer(id));
    expect(told()).toHaveLength(10);
    jest.advanceTimersByTime(1_000);
    expect(told()).toHaveLength(20);
    jest.advanceTimersByTime(1_000);
    expect(told()).toEqual(Array.from({ length: 25 }, (_, id) => `offers.added ${id} waiting`));
  });

  it('tells of an offer as it is when it is told', () => {
    for (let id = 0; id < 10; id += 1) news.added(offer(id));
    const late = offer(10);
    news.added(late);
    late.state = 'withdrawn';
    news.changed(late);
    jest.advanceTimersByTime(1_000);
    expect(told().slice(10)).toEqual(['offers.added 10 withdrawn']);
  });

  it('tells of a change after the first news, and nothing of what was never told or is forgotten', () => {
    const [first, untold] = [offer(1), offer(2)];
    news.added(first);
    first.state = 'declined';
    news.changed(first);
    news.changed(untold);
    expect(told()).toEqual(['offers.added 1 waiting', 'offers.changed 1 declined']);
    for (let id = 3; id < 12; id += 1) news.added(offer(id));
    const dropped = offer(12);
    news.added(dropped);
    news.forget(dropped);
    jest.advanceTimersByTime(5_000);
    expect(told().filter((line) => line.includes(' 12 '))).toEqual([]);
  });
});
