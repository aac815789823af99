import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { Peer, PeerPermissions } from '@ferry/protocol';
import { sentenceOf } from '../http/sentence-of';
import { EventStream } from '../live/event-stream';
import { announcedId } from './announced-id';
import { PeersApi } from './peers-api';

const PAGE_LIMIT = 1000;

/** The devices this node knows. They are few, so all are held here. */
@Injectable({ providedIn: 'root' })
export class PeersStore {
  private readonly api = inject(PeersApi);
  private readonly byId = signal<ReadonlyMap<string, Peer>>(new Map());
  private readonly failure = signal<string | null>(null);
  private readonly wasLoaded = signal(false);

  readonly error = this.failure.asReadonly();
  readonly isLoaded = this.wasLoaded.asReadonly();
  /** Online ones first, then by name. */
  readonly peers = computed(() => [...this.byId().values()].sort(byPresenceAndName));
  readonly paired = computed(() => this.peers().filter(({ paired }) => paired));
  /** Seen on this network, not known. */
  readonly nearby = computed(() => this.peers().filter(({ state }) => state === 'nearby'));
  /** Known, not paired. */
  readonly known = computed(() => this.peers().filter(({ paired, state }) => !paired && state !== 'nearby'));
  readonly onlineCount = computed(() => this.paired().filter(({ state }) => state === 'online').length);

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('peers.added', (peer) => this.apply(peer)),
      stream.on('peers.changed', (peer) => this.apply(peer)),
      stream.on('peers.removed', ({ id }) => this.forget(id)),
      stream.on('resync', () => void this.load()),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  async load(): Promise<void> {
    try {
      const found = new Map<string, Peer>();
      let cursor: string | undefined;
      do {
        const page = await this.api.list({ limit: PAGE_LIMIT, cursor });
        page.items.forEach((peer) => found.set(peer.id, peer));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      this.byId.set(found);
      this.failure.set(null);
      this.wasLoaded.set(true);
    } catch (error) {
      this.failure.set(sentenceOf(error));
    }
  }

  /** The peer as a signal value: read inside computed or template. */
  find(id: string): Peer | undefined {
    return this.byId().get(id);
  }

  /** Where a device is, as far as the node knows: also one that is only seen on the network, by the start of its id. */
  addressOf(id: string): string | undefined {
    const { addresses = [], seenAt = [] } = this.find(id) ?? this.find(announcedId(id)) ?? {};
    return addresses[0] ?? seenAt[0];
  }

  nameOf(id: string): string {
    return this.find(id)?.name ?? `${id.slice(0, 7)}…`;
  }

  async add(address: string): Promise<Peer> {
    const peer = await this.api.add({ address });
    this.apply(peer);
    return peer;
  }

  async rename(id: string, name: string): Promise<void> {
    this.apply(await this.api.update(id, { name }));
  }

  /** What is absent stays as it is. */
  async setPermissions(id: string, permissions: Partial<PeerPermissions>): Promise<void> {
    this.apply(await this.api.update(id, { permissions }));
  }

  async remove(id: string): Promise<void> {
    await this.api.remove(id);
    this.forget(id);
  }

  private apply(peer: Peer): void {
    this.byId.update((peers) => new Map(peers).set(peer.id, peer));
  }

  private forget(id: string): void {
    this.byId.update((peers) => new Map([...peers].filter(([known]) => known !== id)));
  }
}

function byPresenceAndName(a: Peer, b: Peer): number {
  const rank = ({ state }: Peer): number => (state === 'online' ? 0 : 1);
  return rank(a) - rank(b) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
}
