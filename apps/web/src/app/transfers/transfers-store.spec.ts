import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { problemInterceptor } from '../http/problem-interceptor';
import { EventStream } from '../live/event-stream';
import type { FakeEventSource } from '../live/fake-event-source';
import { provideFakeEvents } from '../live/provide-fake-events';
import { aTransfer } from './a-transfer';
import { TransfersStore } from './transfers-store';

describe('TransfersStore', () => {
  const opened: FakeEventSource[] = [];
  let store: TransfersStore;
  let http: HttpTestingController;

  const node = (): FakeEventSource => {
    const source = opened.at(-1);
    if (!source) throw new Error('no stream was opened');
    return source;
  };
  const isList = ({ url }: { url: string }): boolean => url === '/api/v1/transfers';

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        provideFakeEvents(opened),
      ],
    });
    store = TestBed.inject(TransfersStore);
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(EventStream).connect();
    const loaded = store.load();
    http.expectOne(isList).flush({ items: [aTransfer()], nextCursor: null, total: 1 });
    await loaded;
  });

  afterEach(() => http.verify());

  it('asks for the unfinished ones only', async () => {
    const loaded = store.load();
    const listing = http.expectOne(isList);
    const { request } = listing;
    expect(request.params.get('state')?.split(',')).toEqual(
      expect.arrayContaining(['running', 'paused', 'waiting-for-peer']),
    );
    expect(request.params.get('state')).not.toContain('complete');
    listing.flush({ items: [], nextCursor: null, total: 0 });
    await loaded;
  });

  it('follows progress, and knows the speed and percent of all together', () => {
    node().send('transfers.added', aTransfer({ id: 't2', totalBytes: 1000, doneBytes: 0, bytesPerSecond: 0 }));
    node().send('transfers.progress', {
      items: [
        ['t1', 500, 300, 2, 450],
        ['unknown', 1, 1, 1, 1],
      ],
    });
    expect(store.active().map(({ id, doneBytes }) => [id, doneBytes])).toEqual([
      ['t2', 0],
      ['t1', 500],
    ]);
    expect(store.bytesPerSecond()).toBe(300);
    expect(store.percent()).toBe(25);
  });

  it('lets a finished transfer go, and takes a retried one back', () => {
    node().send('transfers.changed', aTransfer({ state: 'failed' }));
    expect([store.activeCount(), store.percent()]).toEqual([0, null]);
    node().send('transfers.changed', aTransfer({ state: 'queued' }));
    expect(store.activeCount()).toBe(1);
  });

  it('shows the answer to a pause at once', async () => {
    const paused = store.pause('t1');
    const patch = http.expectOne('/api/v1/transfers/t1');
    expect([patch.request.method, patch.request.body]).toEqual(['PATCH', { state: 'paused' }]);
    patch.flush(aTransfer({ state: 'paused' }));
    await paused;
    expect(store.active()[0]?.state).toBe('paused');
  });

  it('reads again after a gap', async () => {
    node().hello();
    http.expectOne(isList).flush({ items: [], nextCursor: null, total: 0 });
    await new Promise((resolve) => setTimeout(resolve));
    expect(store.activeCount()).toBe(0);
  });

  it('tells the sentence of a refused deed', async () => {
    const problem = {
      type: '/problems/illegal-transition',
      title: 'No',
      status: 409,
      code: 'illegal-transition',
      detail: 'It is complete.',
    };
    const retried = store.retry('t1');
    http.expectOne('/api/v1/transfers/t1/retry').flush(problem, { status: 409, statusText: 'Conflict' });
    await expect(retried).rejects.toMatchObject({ code: 'illegal-transition', message: 'It is complete.' });
  });
});
