import type { NodeEventType } from '@ferry/protocol';

export interface StoredEvent {
  readonly seq: number;
  readonly type: NodeEventType;
  /** JSON on one line. */
  readonly data: string;
}

/** The last `capacity` events, numbered from 1 without gaps. */
export class EventRing {
  private readonly slots: (StoredEvent | undefined)[];
  private last = 0;

  constructor(private readonly capacity: number) {
    this.slots = new Array<StoredEvent | undefined>(capacity);
  }

  /** Sequence number of the newest event; 0 before the first. */
  get newest(): number {
    return this.last;
  }

  push(type: NodeEventType, data: string): void {
    this.last += 1;
    this.slots[this.last % this.capacity] = { seq: this.last, type, data };
  }

  /** `undefined` for one that was overwritten or is still to come. */
  at(seq: number): StoredEvent | undefined {
    const event = this.slots[seq % this.capacity];
    return event?.seq === seq ? event : undefined;
  }

  /** Whether every event after `seq` is still here; a number from the future is not ours. */
  canReplayFrom(seq: number): boolean {
    return seq >= 0 && seq <= this.last && this.last - seq <= this.capacity;
  }
}
