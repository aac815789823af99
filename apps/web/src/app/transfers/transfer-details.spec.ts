import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { Page, TransferFile } from '@ferry/protocol';
import { aTransfer } from './a-transfer';
import { TransferDetails } from './transfer-details';

const FILES: Page<TransferFile> = {
  items: [
    {
      kind: 'file',
      entryId: 'a',
      path: 'good.txt',
      publishedPath: 'good.txt',
      size: 5,
      doneBytes: 5,
      state: 'complete',
    },
    {
      kind: 'file',
      entryId: 'b',
      path: 'bad\u202Etxt.exe',
      size: 5,
      doneBytes: 0,
      state: 'failed',
      error: { code: 'extension-not-allowed', detail: 'Files ending in .exe are blocked.' },
    },
  ],
  nextCursor: null,
  total: 2,
};

it('tells of each file whether it is here, and why it failed', async () => {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
  const fixture = TestBed.createComponent(TransferDetails);
  fixture.componentRef.setInput('transfer', aTransfer({ state: 'failed', files: { done: 1, total: 2 } }));
  fixture.detectChanges();
  TestBed.inject(HttpTestingController)
    .expectOne(({ url }) => url === '/api/v1/transfers/t1/files')
    .flush(FILES);
  await new Promise((resolve) => setTimeout(resolve));
  await fixture.whenStable();
  const rows = [...(fixture.nativeElement as HTMLElement).querySelectorAll('[data-testid=transfer-file]')];
  const [good, bad] = rows.map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
  expect(good).toBe('good.txt Complete5 B');
  expect(bad).toBe('bad txt.exe Files ending in .exe are blocked.Failed5 B');
  expect(rows[1]?.querySelector('.bi-exclamation-triangle-fill')).not.toBeNull();
});
