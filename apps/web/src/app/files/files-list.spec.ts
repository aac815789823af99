import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { FileEntry } from '@ferry/protocol';
import { EventStream } from '../live/event-stream';
import type { FakeEventSource } from '../live/fake-event-source';
import { provideFakeEvents } from '../live/provide-fake-events';
import { FilesList, NEWEST_FIRST } from './files-list';

const file = (name: string, over: Partial<FileEntry> = {}): FileEntry => ({
  id: name,
  name,
  path: name,
  size: 10,
  mediaType: 'text/plain',
  modifiedAt: '2026-05-10T12:00:00Z',
  addedAt: '2026-05-10T12:00:00Z',
  scope: 'shared',
  kind: 'file',
  state: 'ready',
  visibility: 'all-paired',
  ...over,
});

describe('FilesList', () => {
  const opened: FakeEventSource[] = [];
  let list: FilesList;
  let http: HttpTestingController;

  const send: FakeEventSource['send'] = (type, data) => opened.at(-1)?.send(type, data);
  const names = (): string[] => list.files().map(({ name }) => name);

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideFakeEvents(opened), FilesList],
    });
    list = TestBed.inject(FilesList);
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(EventStream).connect();
    const shown = list.show({ scope: 'shared', sort: NEWEST_FIRST, q: 'txt' });
    const listing = http.expectOne(({ url }) => url === '/api/v1/files');
    expect(listing.request.params.toString()).toBe('scope=shared&sort=-addedAt&q=txt&limit=100');
    listing.flush({ items: [file('a.txt'), file('b.txt')], nextCursor: null, total: 2 });
    await shown;
  });

  it('puts a new file on top when the newest come first', () => {
    send('files.added', file('c.txt'));
    expect(names()).toEqual(['c.txt', 'a.txt', 'b.txt']);
  });

  it('leaves out what does not belong here', () => {
    send('files.added', file('d.txt', { scope: 'received' }));
    send('files.added', file('e.png'));
    expect(names()).toEqual(['a.txt', 'b.txt']);
  });

  it('only counts new files while the user reads further down', () => {
    Object.assign(window, { scrollY: 900 });
    send('files.added', file('c.txt'));
    Object.assign(window, { scrollY: 0 });
    expect([names().length, list.newFiles()]).toEqual([2, 1]);
  });

  it('shows the end of hashing, and lets removed files go', () => {
    send('files.changed', file('a.txt', { state: 'ready', fileId: 'f'.repeat(64) }));
    send('files.removed', { id: 'b.txt', scope: 'shared' });
    expect(list.files()).toMatchObject([{ name: 'a.txt', fileId: 'f'.repeat(64) }]);
  });

  it('takes a deleted file out of the list', () => {
    list.forget('a.txt');
    expect(names()).toEqual(['b.txt']);
  });

  it('shows of a folder what lies directly in it', async () => {
    const shown = list.show({ scope: 'shared', sort: 'name', folder: 'docs' });
    const listing = http.expectOne(({ url }) => url === '/api/v1/files');
    expect(listing.request.params.get('folder')).toBe('docs');
    listing.flush({ items: [file('x.txt', { path: 'docs/x.txt' })], nextCursor: null, total: 1 });
    await shown;
    send('files.changed', file('x.txt', { path: 'docs/x.txt', state: 'hashing' }));
    expect(list.files()).toMatchObject([{ state: 'hashing' }]);
  });
});
