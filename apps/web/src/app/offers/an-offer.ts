import type { Offer } from '@ferry/protocol';

/** An incoming offer for specs. */
export function anOffer(over: Partial<Offer> = {}): Offer {
  return {
    id: 'o1',
    direction: 'in',
    peerId: 'MAPLE',
    state: 'waiting',
    files: { count: 12, bytes: 3_000_000 },
    createdAt: '2026-05-10T12:00:00Z',
    expiresAt: '2026-05-10T13:00:00Z',
    ...over,
  };
}
