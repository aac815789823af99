import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { Transfer } from '@ferry/protocol';
import { aTransfer } from './a-transfer';
import { TransferRow } from './transfer-row';

describe('TransferRow', () => {
  let fixture: ComponentFixture<TransferRow>;

  const show = async (over: Partial<Transfer>): Promise<HTMLElement> => {
    fixture.componentRef.setInput('transfer', aTransfer(over));
    await fixture.whenStable();
    return fixture.nativeElement;
  };
  const buttons = (row: HTMLElement): (string | null)[] =>
    [...row.querySelectorAll('button')].map((button) => button.getAttribute('aria-label'));
  const text = (row: HTMLElement, testid: string): string | undefined =>
    row.querySelector(`[data-testid=${testid}]`)?.textContent?.trim();

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    fixture = TestBed.createComponent(TransferRow);
  });

  it('shows state, bytes, speed and progress of a running transfer', async () => {
    const row = await show({});
    expect(text(row, 'transfer-state')).toBe('Running');
    expect(text(row, 'transfer-bytes')).toBe('250 B of 1000 B');
    expect(text(row, 'transfer-speed')).toBe('100 B/s');
    expect(row.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('25');
  });

  it.each([
    ['running', ['Pause film.mkv', 'Cancel film.mkv', 'Details of film.mkv']],
    ['paused', ['Resume film.mkv', 'Cancel film.mkv', 'Details of film.mkv']],
    ['verifying', ['Cancel film.mkv', 'Details of film.mkv']],
    ['failed', ['Retry film.mkv', 'Remove film.mkv from the list', 'Details of film.mkv']],
    ['complete', ['Remove film.mkv from the list', 'Details of film.mkv']],
  ] as const)('offers what can be done when %s', async (state, labels) => {
    expect(buttons(await show({ state }))).toEqual(labels);
  });

  it('tells why it failed', async () => {
    const row = await show({ state: 'failed', error: { code: 'insufficient-storage', detail: 'The disk is full.' } });
    expect(text(row, 'transfer-error')).toBe('The disk is full.');
  });

  it('tells how much of a failed transfer is here, and offers to try the rest again', async () => {
    const row = await show({ state: 'failed', files: { done: 58, total: 60 }, doneBytes: 900 });
    expect(row.textContent).toContain('58 of 60 files');
    expect(text(row, 'transfer-bytes')).toBe('900 B of 1000 B');
    expect(buttons(row)).toContain('Retry film.mkv');
  });

  it('tells where it resumed', async () => {
    expect(text(await show({ resumedBytes: 120 }), 'transfer-resumed')).toBe('Resumed at 12 % (120 B not sent again)');
  });

  it('hides the time left in the first three seconds', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    expect((await show({ etaSeconds: 160 })).textContent).not.toContain('left');
    now = 3500;
    expect((await show({ etaSeconds: 159, doneBytes: 260 })).textContent).toContain('2 min 39 s left');
    clock.mockRestore();
  });

  it('tells which button was pressed', async () => {
    const acted: string[] = [];
    fixture.componentInstance.acted.subscribe((action) => acted.push(action));
    const row = await show({});
    row.querySelector<HTMLButtonElement>('[aria-label="Pause film.mkv"]')?.click();
    row.querySelector<HTMLButtonElement>('[aria-label="Cancel film.mkv"]')?.click();
    expect(acted).toEqual(['pause', 'cancel']);
  });
});
