import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { NodeEvents, NodeEventType } from '@ferry/protocol';
import { EventRing, type StoredEvent } from './event-ring';

/** Events kept for replay after a reconnect. */
export const RING_EVENTS = 5000;

/** Publishes what happens in the node to every open `/events` stream, and remembers the last of it. */
@Injectable()
export class EventsService {
  /** Changes with every start, so that ids of an earlier run are recognised as such. */
  readonly epoch = randomBytes(5).toString('hex');
  private readonly ring = new EventRing(RING_EVENTS);
  private readonly wakers = new Set<() => void>();

  /** Hands one event to every stream. Cheap and never throws; slow readers are the streams' concern. */
  publish<T extends NodeEventType>(type: T, data: NodeEvents[T]): void {
    this.ring.push(type, JSON.stringify({ at: new Date().toISOString(), data }));
    for (const wake of this.wakers) wake();
  }

  /** Sequence number of the newest event; 0 before the first. */
  get newest(): number {
    return this.ring.newest;
  }

  /** The event with this sequence number, unless it is too old or still to come. */
  at(seq: number): StoredEvent | undefined {
    return this.ring.at(seq);
  }

  /** Whether everything after `seq` is still there. */
  canReplayFrom(seq: number): boolean {
    return this.ring.canReplayFrom(seq);
  }

  /** Calls `wake` after each event. @returns the way to stop it. */
  onPublished(wake: () => void): () => void {
    this.wakers.add(wake);
    return () => this.wakers.delete(wake);
  }
}
