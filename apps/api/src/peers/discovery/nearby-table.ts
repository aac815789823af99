import { GOODBYE_GRACE_MS, MAX_ADDRESSES, MAX_NEARBY, MAX_NEWS_PER_SECOND } from './limits';
import { RateWindow } from './rate-window';
import type { Sighting } from './sightings';

const SECOND_MS = 1_000;

/** A device that was seen on the network. All of it is a claim of whoever sent the packets. */
export interface NearbyDevice {
  /** The first 14 characters of its device id. */
  readonly id: string;
  readonly name: string;
  /** `host:port`. */
  readonly addresses: readonly string[];
  /** On the clock of the table. */
  readonly lastSeenMs: number;
}

export type NearbyChange =
  | { readonly kind: 'added' | 'changed'; readonly device: NearbyDevice }
  | { readonly kind: 'removed'; readonly device: NearbyDevice };

interface Place {
  readonly via: string;
  readonly expiresMs: number;
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly places: ReadonlyMap<string, Place>;
  readonly lastSeenMs: number;
}

/**
 * Who is nearby: a bounded list of what was seen where, and until when that is good. When it is full, the device not
 * seen for longest goes. Times are milliseconds of a clock that only goes forward, given by the caller.
 */
export class NearbyTable {
  /** The device not seen for longest comes first. */
  private readonly entries = new Map<string, Entry>();
  private readonly news = new RateWindow(MAX_NEWS_PER_SECOND, SECOND_MS);

  /** @param ownId what this device announces; never in the list. */
  constructor(private readonly ownId: string) {}

  get size(): number {
    return this.entries.size;
  }

  find(id: string): NearbyDevice | undefined {
    const entry = this.entries.get(id);
    return entry && toDevice(entry);
  }

  all(): NearbyDevice[] {
    return [...this.entries.values()].map(toDevice);
  }

  /** @param via what heard it: the same device may be seen over several interfaces. */
  note(sighting: Sighting, via: string, now: number): NearbyChange[] {
    if (sighting.id === this.ownId) return [];
    const known = this.entries.get(sighting.id);
    if (sighting.ttlMs === 0) return this.leave(known, via, now);
    const entry = merge(known, sighting, via, now);
    const isNews = !known || isDifferent(known, entry);
    if (!isNews || !this.news.take(now)) {
      // Of too many news at once only what was known already is taken; the others come again with the next announcement.
      if (known) this.put(merge(known, onlyKnown(sighting, known), via, now));
      return [];
    }
    const removed = known ? [] : this.makeRoom();
    this.put(entry);
    return [...removed, { kind: known ? 'changed' : 'added', device: toDevice(entry) }];
  }

  /** Drops what is no longer good. */
  expire(now: number): NearbyChange[] {
    return [...this.entries.values()].flatMap((entry) => {
      const places = new Map([...entry.places].filter(([, { expiresMs }]) => expiresMs > now));
      if (places.size === entry.places.size) return [];
      const rest = { ...entry, places };
      if (places.size === 0) return this.remove(entry);
      this.entries.set(entry.id, rest); // keeps its turn
      return [{ kind: 'changed', device: toDevice(rest) } as const];
    });
  }

  /** The device may contradict a goodbye that others say in its name, so it stays for a moment. */
  private leave(entry: Entry | undefined, leftVia: string, now: number): NearbyChange[] {
    if (!entry) return [];
    const places = [...entry.places].map(([address, { via, expiresMs }]): [string, Place] => {
      const endsMs = via === leftVia ? Math.min(expiresMs, now + GOODBYE_GRACE_MS) : expiresMs;
      return [address, { via, expiresMs: endsMs }];
    });
    this.entries.set(entry.id, { ...entry, places: new Map(places) });
    return [];
  }

  private put(entry: Entry): void {
    this.entries.delete(entry.id);
    this.entries.set(entry.id, entry);
  }

  private makeRoom(): NearbyChange[] {
    const [longestUnseen] = this.entries.values();
    return longestUnseen && this.entries.size >= MAX_NEARBY ? this.remove(longestUnseen) : [];
  }

  private remove(entry: Entry): NearbyChange[] {
    this.entries.delete(entry.id);
    return [{ kind: 'removed', device: toDevice(entry) }];
  }
}

/** Addresses that are known and still good keep their places, so that nobody can push them out. */
function merge(known: Entry | undefined, { id, name, addresses, ttlMs }: Sighting, via: string, now: number): Entry {
  const places = new Map(known?.places);
  for (const address of addresses) {
    if (places.size >= MAX_ADDRESSES && !places.has(address)) continue;
    places.set(address, { via, expiresMs: now + ttlMs });
  }
  return { id, name, places, lastSeenMs: now };
}

function onlyKnown(sighting: Sighting, { name, places }: Entry): Sighting {
  return { ...sighting, name, addresses: sighting.addresses.filter((address) => places.has(address)) };
}

function isDifferent(before: Entry, after: Entry): boolean {
  const isMoved =
    before.places.size !== after.places.size || [...after.places.keys()].some((a) => !before.places.has(a));
  return before.name !== after.name || isMoved;
}

function toDevice({ id, name, places, lastSeenMs }: Entry): NearbyDevice {
  return { id, name, addresses: [...places.keys()], lastSeenMs };
}
