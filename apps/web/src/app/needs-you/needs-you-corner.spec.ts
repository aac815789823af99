import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { type ComponentFixture, DeferBlockState, TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { EventStream } from '../live/event-stream';
import type { FakeEventSource } from '../live/fake-event-source';
import { provideFakeEvents } from '../live/provide-fake-events';
import { anOffer } from '../offers/an-offer';
import { aPairing } from '../pairing/a-pairing';
import { NeedsYouCorner } from './needs-you-corner';

@Component({ template: '' })
class NoPage {}

describe('NeedsYouCorner', () => {
  const opened: FakeEventSource[] = [];
  let fixture: ComponentFixture<NeedsYouCorner>;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideFakeEvents(opened),
        provideRouter([{ path: '**', component: NoPage }]),
      ],
    });
    await TestBed.inject(Router).navigateByUrl('/files');
    fixture = TestBed.createComponent(NeedsYouCorner);
    TestBed.inject(EventStream).connect();
  });

  const all = (selector: string): HTMLElement[] => [
    ...(fixture.nativeElement as HTMLElement).querySelectorAll<HTMLElement>(selector),
  ];
  const textOf = (testId: string): string | undefined => all(`[data-testid="${testId}"]`)[0]?.textContent?.trim();
  const requests = (): number => all('[data-testid="offer-request"], [data-testid="pairing-request"]').length;

  /** Also the deferred part of the template has arrived. */
  async function settled(): Promise<void> {
    await fixture.whenStable();
    await Promise.all((await fixture.getDeferBlocks()).map((block) => block.render(DeferBlockState.Complete)));
    await fixture.whenStable();
  }

  async function offer(minute: number): Promise<void> {
    const createdAt = `2026-05-10T12:0${minute}:00Z`;
    opened.at(-1)?.send('offers.added', anOffer({ id: `o${minute}`, createdAt, message: `minute ${minute}` }));
    await settled();
  }

  async function toggle(): Promise<void> {
    all('header button')[0]?.click();
    await settled();
  }

  it('shows the newest offer and how many more there are', async () => {
    for (const minute of [1, 3, 2]) await offer(minute);
    expect(requests()).toBe(1);
    expect(textOf('offer-request')).toContain('minute 3');
    expect(textOf('needs-you-count')).toBe('3 waiting');
    expect(textOf('needs-you-more')).toContain('and 2 more');
    expect(all('a[data-testid="needs-you-more"]')[0]?.getAttribute('href')).toBe('/');
  });

  it('shows no way to others when there are none', async () => {
    await offer(1);
    expect(textOf('needs-you-count')).toBe('1 waiting');
    expect(textOf('needs-you-more')).toBeUndefined();
  });

  it('puts the newest request to pair before any offer', async () => {
    opened.at(-1)?.send('pairings.changed', aPairing({ expiresAt: '2026-05-10T12:02:00Z', peerName: 'Early' }));
    opened
      .at(-1)
      ?.send('pairings.changed', aPairing({ id: 'p2', expiresAt: '2026-05-10T12:03:00Z', peerName: 'Late' }));
    await offer(9);
    expect(requests()).toBe(1);
    expect(textOf('pairing-request')).toContain('Late');
    expect(textOf('needs-you-more')).toContain('and 2 more');
  });

  it('collapses to one line until something new waits', async () => {
    await offer(1);
    await offer(2);
    await toggle();
    expect(requests()).toBe(0);
    opened.at(-1)?.send('offers.changed', anOffer({ id: 'o2', state: 'expired' }));
    await settled();
    expect([textOf('needs-you-count'), requests()]).toEqual(['1 waiting', 0]);
    await offer(3);
    expect([textOf('needs-you-count'), requests()]).toEqual(['2 waiting', 1]);
  });

  it('opens again when the user wants it', async () => {
    await offer(1);
    await toggle();
    await toggle();
    expect(requests()).toBe(1);
  });

  it('leaves the dashboard to its own card', async () => {
    await offer(1);
    await TestBed.inject(Router).navigateByUrl('/');
    await settled();
    expect(requests()).toBe(0);
  });
});
