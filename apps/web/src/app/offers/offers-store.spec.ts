import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { EventStream } from '../live/event-stream';
import type { FakeEventSource } from '../live/fake-event-source';
import { provideFakeEvents } from '../live/provide-fake-events';
import { anOffer } from './an-offer';
import { OffersStore } from './offers-store';

describe('OffersStore', () => {
  const opened: FakeEventSource[] = [];
  let store: OffersStore;
  let http: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideFakeEvents(opened)],
    });
    store = TestBed.inject(OffersStore);
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(EventStream).connect();
  });

  it('asks for an answer as long as the offer waits', () => {
    opened.at(-1)?.send('offers.added', anOffer());
    expect(store.incoming()).toHaveLength(1);
    opened.at(-1)?.send('offers.changed', anOffer({ state: 'withdrawn' }));
    expect(store.incoming()).toEqual([]);
  });

  it('keeps what was offered from here, newest first, with its progress', () => {
    opened.at(-1)?.send('offers.added', anOffer({ id: 'a', direction: 'out' }));
    opened.at(-1)?.send('offers.added', anOffer({ id: 'b', direction: 'out', createdAt: '2026-05-10T12:01:00Z' }));
    opened.at(-1)?.send('offers.changed', anOffer({ id: 'a', direction: 'out', state: 'accepted', doneBytes: 7 }));
    expect(store.outgoing().map(({ id, doneBytes }) => [id, doneBytes])).toEqual([
      ['b', undefined],
      ['a', 7],
    ]);
    expect(store.incoming()).toEqual([]);
  });

  it('shows the answer without waiting for an event', async () => {
    opened.at(-1)?.send('offers.added', anOffer());
    const declined = store.decline('o1');
    http.expectOne('/api/v1/offers/o1/decline').flush(anOffer({ state: 'declined' }));
    await declined;
    expect(store.incoming()).toEqual([]);
  });
});
