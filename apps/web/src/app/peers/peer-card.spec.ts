import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Peer } from '@ferry/protocol';
import { provideFakeEvents } from '../live/provide-fake-events';
import { aPeer } from './a-peer';
import { PeerCard } from './peer-card';

const ALL = { seeMyFiles: true, sendToMe: true, autoAcceptBytes: 0, blocked: false };

describe('PeerCard', () => {
  let fixture: ComponentFixture<PeerCard>;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideFakeEvents([]), provideRouter([])],
    });
    fixture = TestBed.createComponent(PeerCard);
  });

  async function shown(peer: Peer): Promise<HTMLElement> {
    fixture.componentRef.setInput('peer', peer);
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }

  it('offers to connect where an offline peer is seen now, and dials there only when asked', async () => {
    const http = TestBed.inject(HttpTestingController);
    const card = await shown(aPeer('kim', { addresses: ['10.0.0.1:8000'], seenAt: ['10.0.0.9:8000'] }));
    expect(card.querySelector('[data-testid="seen-at"]')?.textContent).toContain('Seen at 10.0.0.9:8000');
    http.verify();
    card.querySelector<HTMLButtonElement>('[data-testid="seen-at"] button')?.click();
    http.expectOne('/api/v1/peers/KIM/test');
  });

  it('does not offer it for a peer that is online or blocked', async () => {
    const seenAt = ['10.0.0.9:8000'];
    for (const over of [{ state: 'online' as const }, { permissions: { ...ALL, blocked: true } }]) {
      const card = await shown(aPeer('kim', { seenAt, ...over }));
      expect(card.querySelector('[data-testid="seen-at"]')).toBeNull();
    }
  });

  it('says what a peer may not do', async () => {
    const textWith = async (permissions: Peer['permissions']): Promise<string> =>
      (await shown(aPeer('kim', { permissions }))).textContent ?? '';
    expect(await textWith(ALL)).not.toContain('May not');
    expect(await textWith({ ...ALL, seeMyFiles: false })).toContain('May not see your files');
    expect(await textWith({ ...ALL, sendToMe: false })).toContain('May not send to you');
    expect(await textWith({ ...ALL, blocked: true })).toContain('Blocked');
  });

  it('offers nothing but to pair with a device that is only seen', async () => {
    const card = await shown(aPeer('pixel', { state: 'nearby', paired: false, seenAt: ['10.0.0.9:8000'] }));
    const buttons = [...card.querySelectorAll('button, a')].map((one) => one.textContent?.trim());
    expect(buttons).toEqual(['Pair']);
    expect(card.textContent).toContain('10.0.0.9:8000');
  });
});
