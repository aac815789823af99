import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { problemInterceptor } from '../http/problem-interceptor';
import { provideFakeEvents } from '../live/provide-fake-events';
import { ToastStore } from '../toasts/toast-store';
import { aPeer } from './a-peer';
import { PeerActions } from './peer-actions';

describe('PeerActions', () => {
  let actions: PeerActions;
  let http: HttpTestingController;
  let toasts: ToastStore;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        provideFakeEvents([]),
      ],
    });
    actions = TestBed.inject(PeerActions);
    http = TestBed.inject(HttpTestingController);
    toasts = TestBed.inject(ToastStore);
  });

  const said = (): string | undefined => toasts.toasts().at(-1)?.text;
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  it('explains how scanning is switched on when it is off', async () => {
    const scanned = actions.scan();
    expect(actions.isScanning()).toBe(true);
    http
      .expectOne('/api/v1/peers/scan')
      .flush({ code: 'scan-off', title: 'Off', detail: 'Off' }, { status: 403, statusText: 'Forbidden' });
    await scanned;
    expect(said()).toContain('FERRY_SCAN=on');
    expect(actions.isScanning()).toBe(false);
  });

  it('says what a scan looked at, and shows what it found', async () => {
    const scanned = actions.scan();
    http.expectOne('/api/v1/peers/scan').flush({ subnets: ['192.168.1.0/24'], probed: 254, found: 1 });
    await settled();
    http.expectOne(({ url }) => url === '/api/v1/peers').flush({ items: [], nextCursor: null, total: 0 });
    await scanned;
    expect(said()).toBe('Found 1 device: looked at 254 addresses in 192.168.1.0/24');
  });

  it('dials a peer where it is seen, and says why that failed', async () => {
    const connected = actions.connect(aPeer('kim', { seenAt: ['10.0.0.9:8000'] }));
    expect(actions.connecting()).toBe('KIM');
    http
      .expectOne('/api/v1/peers/KIM/test')
      .flush({ reachable: false, latencyMs: null, steps: [], error: 'Nothing listens there.' });
    await connected;
    expect(said()).toBe('Nothing listens there.');
    expect(actions.connecting()).toBeNull();
  });
});
