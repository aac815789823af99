import type { Peer } from '@ferry/protocol';

/** A paired, offline peer for specs; its id is its name in capitals. */
export function aPeer(name: string, over: Partial<Peer> = {}): Peer {
  return {
    id: name.toUpperCase(),
    name,
    state: 'offline',
    paired: true,
    addresses: [],
    seenAt: [],
    protocol: 'ferry/1',
    permissions: { seeMyFiles: true, sendToMe: true, autoAcceptBytes: 0, blocked: false },
    ...over,
  };
}
