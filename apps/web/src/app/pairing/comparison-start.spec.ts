import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { problemInterceptor } from '../http/problem-interceptor';
import { provideFakeEvents } from '../live/provide-fake-events';
import { aPairing } from './a-pairing';
import { ComparisonStart } from './comparison-start';

const KIM = { name: 'Kim', addresses: ['10.0.0.1:8000', '10.0.0.2:8000'] };

describe('ComparisonStart', () => {
  let starts: ComparisonStart;
  let http: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        ComparisonStart,
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        provideFakeEvents([]),
      ],
    });
    starts = TestBed.inject(ComparisonStart);
    http = TestBed.inject(HttpTestingController);
  });

  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  async function refuse(address: string, code: string): Promise<void> {
    const question = http.expectOne(({ body }) => (body as { address: string }).address === address);
    question.flush({ code, title: code, detail: `It said ${code}`, status: 409 }, { status: 409, statusText: code });
    await settled();
  }

  it('tries the next address when nobody answers at the first', async () => {
    const started = starts.start(KIM);
    expect(starts.dialling()).toBe(KIM);
    await refuse('10.0.0.1:8000', 'peer-unreachable');
    http.expectOne('/api/v1/pairings/claim').flush(aPairing({ direction: 'out' }));
    await started;
    expect(starts.pairingId()).toBe('p1');
    expect(starts.dialling()).toBeNull();
  });

  it('says what to do when the other side takes no requests, and asks no further address', async () => {
    const started = starts.start(KIM);
    await refuse('10.0.0.1:8000', 'pairing-closed');
    await started;
    expect(starts.failure()).toMatchObject({
      text: expect.stringContaining('does not take requests'),
      isUnreachable: false,
    });
    expect(starts.failure()?.hint).toContain('Discoverable for pairing');
    http.verify();
  });

  it('offers a test when no address answers', async () => {
    const started = starts.start(KIM);
    await refuse('10.0.0.1:8000', 'peer-unreachable');
    await refuse('10.0.0.2:8000', 'peer-unreachable');
    await started;
    expect(starts.failure()).toMatchObject({ target: KIM, isUnreachable: true });
  });
});
