import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { EventStream } from '../live/event-stream';
import type { FakeEventSource } from '../live/fake-event-source';
import { provideFakeEvents } from '../live/provide-fake-events';
import { aPairing } from './a-pairing';
import { PairingsStore } from './pairings-store';

describe('PairingsStore', () => {
  const opened: FakeEventSource[] = [];
  let store: PairingsStore;
  let http: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideFakeEvents(opened)],
    });
    store = TestBed.inject(PairingsStore);
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(EventStream).connect();
  });

  const ids = (): string[] => store.waiting().map(({ id }) => id);

  it('finds a request that came while the page was closed', async () => {
    const loaded = store.load();
    http
      .expectOne('/api/v1/pairings')
      .flush({ items: [aPairing(), aPairing({ id: 'old', state: 'paired' })], nextCursor: null, total: 2 });
    http.expectOne('/api/v1/pairing-mode').flush({ open: true, until: '2026-05-10T12:05:00Z' });
    await loaded;
    expect(ids()).toEqual(['p1']);
    expect(store.mode().open).toBe(true);
  });

  it('shows a request as soon as it comes, until it ends', () => {
    opened.at(-1)?.send('pairings.changed', aPairing());
    expect(ids()).toEqual(['p1']);
    opened.at(-1)?.send('pairings.changed', aPairing({ state: 'expired' }));
    expect(ids()).toEqual([]);
  });

  it('does not ask for what a dialog shows, and asks again when the dialog was closed', () => {
    opened.at(-1)?.send('pairings.changed', aPairing());
    const hide = store.show('p1');
    expect(ids()).toEqual([]);
    hide();
    expect(ids()).toEqual(['p1']);
  });

  it('follows the pairing mode, which closes by itself', () => {
    opened.at(-1)?.send('pairing-mode.changed', { open: true, until: '2026-05-10T12:05:00Z' });
    expect(store.mode().open).toBe(true);
    opened.at(-1)?.send('pairing-mode.changed', { open: false });
    expect(store.mode().open).toBe(false);
  });

  it('says what the user saw', async () => {
    opened.at(-1)?.send('pairings.changed', aPairing());
    const confirmed = store.confirm('p1', true);
    const question = http.expectOne('/api/v1/pairings/p1/confirm');
    expect(question.request.body).toEqual({ match: true });
    question.flush(aPairing({ confirmed: { here: true, there: false } }));
    await confirmed;
    expect(store.find('p1')?.confirmed?.here).toBe(true);
  });
});
