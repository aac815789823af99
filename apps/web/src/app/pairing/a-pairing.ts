import type { Pairing } from '@ferry/protocol';

/** An incoming comparison for specs, with a minute left. */
export function aPairing(over: Partial<Pairing> = {}): Pairing {
  return {
    id: 'p1',
    state: 'comparing',
    direction: 'in',
    peerId: 'KIM',
    peerName: 'Kim',
    sas: { digits: '482107', symbols: ['Octopus', 'Anchor', 'Cactus', 'Bicycle'] },
    confirmed: { here: false, there: false },
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    ...over,
  };
}
