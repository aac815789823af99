import { anOffer } from './an-offer';
import { offerLook } from './offer-look';

const wordOf = (...args: Parameters<typeof anOffer>): string => offerLook(anOffer(...args)).word;

describe('offerLook', () => {
  it('tells how far the receiver of an accepted offer has come', () => {
    expect(wordOf({ state: 'accepted' })).toBe('Accepted');
    expect(wordOf({ state: 'accepted', doneBytes: 1024 })).toMatch(/^Sending, 1 KiB of 2\.9 MiB/);
    expect(wordOf({ state: 'accepted', doneBytes: 3_000_000 })).toBe('Sent');
  });

  it('tells why an offer came to nothing', () => {
    expect(wordOf({ state: 'declined' })).toBe('Declined');
    expect(wordOf({ state: 'expired' })).toBe('Not answered in time');
  });
});
