import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, type TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { EventStream } from '../live/event-stream';
import type { FakeEventSource } from '../live/fake-event-source';
import { provideFakeEvents } from '../live/provide-fake-events';
import type { RemoteFile } from './peers-api';
import { MAX_SELECTED, RemoteFilesList } from './remote-files-list';

const file = (index: number): RemoteFile => ({
  id: `e${index}`,
  name: `${index}.txt`,
  path: `${index}.txt`,
  size: 10,
  mediaType: 'text/plain',
  modifiedAt: '2026-05-10T12:00:00Z',
  kind: 'file',
  state: 'ready',
});

describe('RemoteFilesList', () => {
  const opened: FakeEventSource[] = [];
  let list: RemoteFilesList;
  let http: HttpTestingController;
  let total: number;

  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const asked = (): TestRequest => http.expectOne(({ url }) => url === '/api/v1/peers/KIM/files');
  /** Answers the open question as a peer with `total` files would. */
  const answer = async (request = asked()): Promise<number> => {
    const first = Number(request.request.params.get('cursor') ?? 0);
    const limit = Number(request.request.params.get('limit'));
    const items = Array.from({ length: Math.min(limit, total - first) }, (_, index) => file(first + index));
    const next = first + items.length;
    request.flush({ items, nextCursor: next < total ? String(next) : null, total });
    await settled();
    return limit;
  };

  beforeEach(async () => {
    total = 614;
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideFakeEvents(opened), RemoteFilesList],
    });
    list = TestBed.inject(RemoteFilesList);
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(EventStream).connect();
    opened.at(-1)?.hello('first');
    http.expectNone(({ url }) => url.startsWith('/api/v1/peers/'));
    void list.show('KIM', { sort: 'name' });
    await answer();
  });

  it('reads again what it shows when events were missed', async () => {
    opened.at(-1)?.hello('second');
    total = 3;
    await answer();
    expect(list.total()).toBe(3);
  });

  it('offers to choose the rest once all that is shown is chosen, and does so without showing it', async () => {
    expect(list.selectable()).toBe(0);
    list.toggleAll();
    expect([list.selected().length, list.selectable()]).toEqual([100, 614]);
    const all = list.selectAll();
    await answer();
    await all;
    expect([list.selected().length, list.selectable()]).toEqual([614, 0]);
    expect(list.selectedBytes()).toBe(6140);
    expect(list.files()).toHaveLength(100);
    list.toggleAll();
    expect(list.selected()).toEqual([]);
  });

  it('chooses no more than the node takes', async () => {
    total = 25_000;
    void list.reload();
    await answer();
    list.toggleAll();
    expect(list.selectable()).toBe(MAX_SELECTED);
    const all = list.selectAll();
    for (let page = 0; page < 10; page++) expect(await answer()).toBe(1000);
    await all;
    expect([list.selected().length, list.selectable()]).toEqual([MAX_SELECTED, 0]);
  });

  it('leaves the selection as the user changes it while the rest is being read', async () => {
    list.toggleAll();
    const all = list.selectAll();
    list.clearSelection();
    await answer();
    await all;
    expect(list.selected()).toEqual([]);
  });

  it('keeps the selection under another filter', async () => {
    list.toggle(file(3));
    void list.show('KIM', { sort: 'name', q: 'other' });
    total = 0;
    await answer();
    expect(list.selected().map(({ id }) => id)).toEqual(['e3']);
    expect(list.isAllSelected()).toBe(false);
  });

  it('forgets a chosen file that the peer does not share any more', async () => {
    total = 3;
    void list.reload();
    await answer();
    list.toggleAll();
    opened.at(-1)?.send('peers.share-changed', { id: 'KIM' });
    total = 2;
    await answer();
    expect(list.selected().map(({ id }) => id)).toEqual(['e0', 'e1']);
  });
});
