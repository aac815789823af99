import type { Offer } from '@ferry/protocol';
import type { Api } from './api';
import { EventReader, isEvent } from './event-reader';

const WAIT_MS = 30_000;

/** Waits by events until one of the node's offers is as wanted. @returns it as it was then. */
export async function untilOffer(api: Api, isWanted: (offer: Offer) => boolean, timeoutMs = WAIT_MS): Promise<Offer> {
  const reader = await EventReader.open(api.origin); // first, so that nothing is missed in between
  try {
    const { items } = await api.offers();
    const known = items.find(isWanted);
    if (known) return known;
    const what = () => `an offer, seen so far: ${JSON.stringify(items)}`;
    for await (const event of reader.from(0, timeoutMs, what())) {
      const isOffer = isEvent(event, 'offers.added') || isEvent(event, 'offers.changed');
      if (isOffer && isWanted(event.data as Offer)) return event.data as Offer;
    }
    throw new Error(`the event stream ended before ${what()}`);
  } finally {
    reader.close();
  }
}
