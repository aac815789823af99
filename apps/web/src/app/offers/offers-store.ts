import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { MAX_PAGE_LIMIT, type MakeOfferRequest, type Offer } from '@ferry/protocol';
import { EventStream } from '../live/event-stream';
import { OffersApi } from './offers-api';

/** The offers that the node remembers: they are few and live in its memory only. */
@Injectable({ providedIn: 'root' })
export class OffersStore {
  private readonly api = inject(OffersApi);
  private readonly byId = signal<ReadonlyMap<string, Offer>>(new Map());

  private readonly newestFirst = computed(() =>
    [...this.byId().values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)),
  );
  /** Those that wait for this user's answer. */
  readonly incoming = computed(() =>
    this.newestFirst().filter(({ direction, state }) => direction === 'in' && state === 'waiting'),
  );
  readonly outgoing = computed(() => this.newestFirst().filter(({ direction }) => direction === 'out'));

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('offers.added', (offer) => this.apply(offer)),
      stream.on('offers.changed', (offer) => this.apply(offer)),
      stream.on('resync', () => void this.load()),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  /** Keeps what it has when the node does not answer: it reads again as soon as the stream is back. */
  async load(): Promise<void> {
    const [page] = await Promise.allSettled([this.api.list({ limit: MAX_PAGE_LIMIT })]);
    if (page.status === 'fulfilled') this.byId.set(new Map(page.value.items.map((offer) => [offer.id, offer])));
  }

  /** The offer as a signal value: read inside computed or template. */
  find(id: string): Offer | undefined {
    return this.byId().get(id);
  }

  async make(request: MakeOfferRequest): Promise<void> {
    await this.api.make(request);
    await this.load();
  }

  async accept(id: string): Promise<void> {
    this.apply(await this.api.accept(id));
  }

  async decline(id: string): Promise<void> {
    this.apply(await this.api.decline(id));
  }

  async withdraw(id: string): Promise<void> {
    await this.api.withdraw(id);
    const offer = this.find(id);
    if (offer?.state === 'waiting') this.apply({ ...offer, state: 'withdrawn' });
  }

  private apply(offer: Offer): void {
    this.byId.update((offers) => new Map(offers).set(offer.id, offer));
  }
}
