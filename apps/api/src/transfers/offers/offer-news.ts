import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventsService } from '../../events/events.service';
import { coalesce } from '../../peers/coalesce';
import { toOffer, type OfferRecord } from './offer-record';

const SECOND_MS = 1_000;
/** Events about incoming offers in a second: peers may make and withdraw offers as fast as they like. */
const MAX_INCOMING_PER_SECOND = 10;

/** Tells the world about offers: each first as added, then as changed; always as it is when it is told. */
@Injectable()
export class OfferNews implements OnModuleDestroy {
  private readonly announced = new WeakSet<OfferRecord>();
  private readonly waiting = new Set<OfferRecord>();
  private readonly moving = new Set<OfferRecord>();
  private readonly tellMoving = coalesce(() => this.flushMoving(), SECOND_MS);
  private timer: NodeJS.Timeout | undefined;
  private left = MAX_INCOMING_PER_SECOND;

  constructor(private readonly events: EventsService) {}

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.tellMoving.stop();
  }

  added(offer: OfferRecord): void {
    if (offer.direction === 'out') return this.publish(offer);
    this.waiting.add(offer);
    this.flush();
  }

  /** Of one that was not added yet nothing is told. */
  changed(offer: OfferRecord): void {
    if (this.announced.has(offer)) this.added(offer);
  }

  /** More of an outgoing offer has arrived: told at most once a second. */
  moved(offer: OfferRecord): void {
    this.moving.add(offer);
    this.tellMoving();
  }

  /** Nothing more is told of an offer that is forgotten. */
  forget(offer: OfferRecord): void {
    this.waiting.delete(offer);
    this.moving.delete(offer);
  }

  private flush(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.left = MAX_INCOMING_PER_SECOND;
      if (this.waiting.size > 0) this.flush();
    }, SECOND_MS).unref();
    for (const offer of this.waiting) {
      if (this.left === 0) return;
      this.left -= 1;
      this.waiting.delete(offer);
      this.publish(offer);
    }
  }

  private flushMoving(): void {
    const moving = [...this.moving];
    this.moving.clear();
    for (const offer of moving) this.changed(offer);
  }

  private publish(offer: OfferRecord): void {
    const type = this.announced.has(offer) ? 'offers.changed' : 'offers.added';
    this.announced.add(offer);
    this.events.publish(type, toOffer(offer));
  }
}
