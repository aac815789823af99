import type { Peer } from '@ferry/protocol';
import { type Api, EventReader, isEvent } from '@ferry/test-nodes';

const WAIT_MS = 15_000;

/** Waits by events until a peer is as wanted. */
export async function untilPeer(api: Api, id: string, isWanted: (peer: Peer) => boolean): Promise<Peer> {
  const reader = await EventReader.open(api.origin); // first, so that nothing is missed in between
  try {
    const now = await api.peer(id);
    if (isWanted(now)) return now;
    for await (const event of reader.from(0, WAIT_MS, `the peer ${id}`)) {
      if (isEvent(event, 'peers.changed') && event.data.id === id && isWanted(event.data)) return event.data;
    }
    throw new Error(`the event stream ended before the peer ${id} was as wanted`);
  } finally {
    reader.close();
  }
}
