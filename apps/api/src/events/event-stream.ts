import type { Writable } from 'node:stream';
import type { NodeEvents, NodeEventType } from '@ferry/protocol';
import type { EventsService } from './events.service';

/** A reader further behind than this is told to read everything again. */
export const MAX_LAG_EVENTS = 1000;
const RETRY_MS = 2000;
/** A connection that took no byte for so many heartbeats is given up. */
const MAX_STUCK_HEARTBEATS = 4;

interface EventStreamOptions {
  readonly version: string;
  /** What the reader saw last, from its `Last-Event-ID` header. */
  readonly lastEventId?: string;
}

/**
 * One reader of `/events`. It has no queue of its own but a position in the ring, so a slow reader costs no
 * memory: it falls behind, and then gets `resync`.
 */
export class EventStream {
  private position: number;
  /** Events up to here were asked for by reconnecting; they do not count as lag. */
  private readonly replayEnd: number;
  private isBlocked = false;
  private stuckHeartbeats = 0;

  constructor(
    private readonly events: EventsService,
    private readonly output: Writable,
    { version, lastEventId }: EventStreamOptions,
  ) {
    const resumeFrom = this.parseId(lastEventId);
    this.position = resumeFrom ?? events.newest;
    this.replayEnd = events.newest;
    output.on('drain', () => this.unblock());
    this.write(`retry: ${RETRY_MS}\n\n`);
    this.writeNow('node.hello', { epoch: events.epoch, version });
    if (lastEventId !== undefined && resumeFrom === undefined) this.resync();
    this.pump();
  }

  /** Writes what the reader lacks, as far as its connection takes it. */
  pump(): void {
    if (this.isBlocked) return;
    const { newest } = this.events;
    if (newest - Math.max(this.position, this.replayEnd) > MAX_LAG_EVENTS) this.resync();
    while (!this.isBlocked && this.position < newest) {
      const event = this.events.at(this.position + 1);
      if (event === undefined) return this.resync();
      this.position = event.seq;
      this.writeFrame(event.type, event.data);
    }
  }

  /** Keeps proxies from closing a quiet connection, and ends one that is dead. */
  heartbeat(): void {
    if (!this.isBlocked) return this.write(': heartbeat\n\n');
    this.stuckHeartbeats += 1;
    if (this.stuckHeartbeats >= MAX_STUCK_HEARTBEATS) this.output.destroy();
  }

  private unblock(): void {
    this.isBlocked = false;
    this.stuckHeartbeats = 0;
    this.pump();
  }

  private resync(): void {
    this.position = this.events.newest;
    this.writeNow('resync', {});
  }

  /** An event of this connection alone. Its id is the position, so that a reconnect goes on from there. */
  private writeNow<T extends NodeEventType>(type: T, data: NodeEvents[T]): void {
    this.writeFrame(type, JSON.stringify({ at: new Date().toISOString(), data }));
  }

  /** The type is one of ours and JSON has no line breaks, so a frame cannot be broken open from outside. */
  private writeFrame(type: NodeEventType, data: string): void {
    this.write(`id: ${this.events.epoch}.${this.position}\nevent: ${type}\ndata: ${data}\n\n`);
  }

  private write(text: string): void {
    if (!this.output.write(text)) this.isBlocked = true;
  }

  /** The sequence number, if it is of this run and everything after it is still there. */
  private parseId(id: string | undefined): number | undefined {
    const parts = /^([0-9a-f]+)\.(\d{1,15})$/.exec(id ?? '');
    if (parts?.[1] !== this.events.epoch) return undefined;
    const seq = Number(parts[2]);
    return this.events.canReplayFrom(seq) ? seq : undefined;
  }
}
