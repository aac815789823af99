import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { Page, Peer } from '@ferry/protocol';
import { EventStream } from '../live/event-stream';
import type { FakeEventSource } from '../live/fake-event-source';
import { provideFakeEvents } from '../live/provide-fake-events';
import { aPeer } from './a-peer';
import { PeersStore } from './peers-store';

describe('PeersStore', () => {
  const opened: FakeEventSource[] = [];
  let store: PeersStore;
  let http: HttpTestingController;

  const answer = (page: Page<Peer>): void => http.expectOne(({ url }) => url === '/api/v1/peers').flush(page);
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideFakeEvents(opened)],
    });
    store = TestBed.inject(PeersStore);
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(EventStream).connect();
    const loaded = store.load();
    answer({ items: [aPeer('kim')], nextCursor: 'more', total: 2 });
    await settled();
    answer({ items: [aPeer('maple', { state: 'online' })], nextCursor: null, total: 2 });
    await loaded;
  });

  it('reads all pages and lists online peers first', () => {
    expect(store.peers().map(({ name }) => name)).toEqual(['maple', 'kim']);
    expect(store.onlineCount()).toBe(1);
  });

  it('follows presence, additions and removals', () => {
    opened.at(-1)?.send('peers.changed', aPeer('kim', { state: 'online', latencyMs: 4 }));
    opened.at(-1)?.send('peers.added', aPeer('new', { paired: false, state: 'pending' }));
    opened.at(-1)?.send('peers.removed', { id: 'MAPLE' });
    expect(store.paired().map(({ name, state }) => [name, state])).toEqual([['kim', 'online']]);
    expect(store.known().map(({ name }) => name)).toEqual(['new']);
  });

  it('knows where a device is that is only seen on the network', () => {
    const seen = aPeer('pixel', { id: 'ABCDEFGHIJKLMN', paired: false, state: 'nearby', seenAt: ['10.0.0.9:8000'] });
    opened.at(-1)?.send('peers.added', seen);
    expect(store.addressOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ')).toBe('10.0.0.9:8000');
    expect(store.nearby()).toEqual([seen]);
    expect(store.known()).toEqual([]);
    expect(store.addressOf('KIM')).toBeUndefined();
  });

  it('names a peer it does not know by the start of its id', () => {
    expect(store.nameOf('MAPLE')).toBe('maple');
    expect(store.nameOf('ABCDEFGHIJ')).toBe('ABCDEFG…');
  });
});
