import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { EventStream } from '../live/event-stream';
import type { FakeEventSource } from '../live/fake-event-source';
import { provideFakeEvents } from '../live/provide-fake-events';
import { anOffer } from '../offers/an-offer';
import { aPairing } from '../pairing/a-pairing';
import { PairingsStore } from '../pairing/pairings-store';
import { aPeer } from '../peers/a-peer';
import { PeersStore } from '../peers/peers-store';
import { ToastStore } from '../toasts/toast-store';
import { Notices } from './notices';

describe('Notices', () => {
  const opened: FakeEventSource[] = [];
  let toasts: ToastStore;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideFakeEvents(opened)],
    });
    toasts = TestBed.inject(ToastStore);
    TestBed.inject(PeersStore);
    TestBed.inject(Notices).start();
    TestBed.inject(EventStream).connect();
    opened.at(-1)?.send('peers.added', aPeer('maple'));
  });

  const texts = (): string[] => toasts.toasts().map(({ text }) => text);

  it('tells how a comparison ended that no dialog shows', () => {
    opened.at(-1)?.send('pairings.changed', aPairing());
    opened.at(-1)?.send('pairings.changed', aPairing({ state: 'paired' }));
    expect(texts()).toEqual(['Paired with Kim']);
  });

  it('leaves the end to the dialog that shows the comparison', () => {
    opened.at(-1)?.send('pairings.changed', aPairing());
    TestBed.inject(PairingsStore).show('p1');
    opened.at(-1)?.send('pairings.changed', aPairing({ state: 'failed', error: 'They differ.' }));
    expect(texts()).toEqual([]);
  });

  it('tells how the other side answered an offer, once', () => {
    opened.at(-1)?.send('offers.added', anOffer({ direction: 'out' }));
    opened.at(-1)?.send('offers.changed', anOffer({ direction: 'out', state: 'accepted' }));
    opened.at(-1)?.send('offers.changed', anOffer({ direction: 'out', state: 'accepted', doneBytes: 5 }));
    expect(texts()).toEqual(['maple accepted 12 files']);
  });

  it('does not tell old news again after the stream came back', () => {
    opened.at(-1)?.send('offers.changed', anOffer({ direction: 'out', state: 'declined' }));
    opened.at(-1)?.send('pairings.changed', aPairing({ state: 'expired' }));
    expect(texts()).toEqual([]);
  });
});
