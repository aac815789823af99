import { EventEmitter, once } from 'node:events';
import type { NodeEventEnvelope, NodeEventType } from '@ferry/protocol';
import { withDeadline } from './deadline';

/** One server-sent event of `GET /events`. */
export interface ServerEvent<T extends NodeEventType = NodeEventType> {
  readonly id: string;
  readonly type: T;
  readonly data: NodeEventEnvelope<T>['data'];
}

/** Whether an event is of one type; narrows its data. */
export function isEvent<T extends NodeEventType>(event: ServerEvent, type: T): event is ServerEvent<T> {
  return event.type === type;
}

/** A live event stream: keeps what came, so that a test cannot miss an event by asking late. */
export class EventReader {
  readonly seen: ServerEvent[] = [];
  private readonly arrivals = new EventEmitter();
  private readonly abort = new AbortController();
  private isClosed = false;

  /** Resolves when the node's first event is here. */
  static async open(origin: string, lastEventId?: string): Promise<EventReader> {
    const reader = new EventReader();
    const response = await fetch(`${origin}/api/v1/events`, {
      headers: { Accept: 'text/event-stream', ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }) },
      signal: reader.abort.signal,
    });
    if (!response.ok || !response.body) throw new Error(`events answered ${response.status}`);
    void reader.read(response.body);
    await reader.find((event) => isEvent(event, 'node.hello'), 10_000, 'node.hello');
    return reader;
  }

  /** The first wanted event, seen already or to come. */
  async find(isWanted: (event: ServerEvent) => boolean, timeoutMs: number, what: string): Promise<ServerEvent> {
    for await (const event of this.from(0, timeoutMs, what)) if (isWanted(event)) return event;
    throw new Error(`the event stream ended before ${what}`);
  }

  /** All events from position `start` of `seen` on; ends with the stream, throws after `timeoutMs`. */
  async *from(start: number, timeoutMs: number, what: string): AsyncGenerator<ServerEvent> {
    const endsAt = Date.now() + timeoutMs;
    for (let position = start; ; position += 1) {
      while (position >= this.seen.length) {
        if (this.isClosed) return;
        await withDeadline(once(this.arrivals, 'arrival'), Math.max(endsAt - Date.now(), 1), what);
      }
      yield this.seen[position] as ServerEvent;
    }
  }

  close(): void {
    this.abort.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    try {
      for await (const part of body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
        text += part;
        const frames = text.split('\n\n');
        text = frames.pop() ?? '';
        frames.forEach((frame) => this.take(frame));
      }
    } catch {
      // Closed by us, or the node is gone: both are the end of the stream.
    }
    this.isClosed = true;
    this.arrivals.emit('arrival');
  }

  private take(frame: string): void {
    const fields = new Map(
      frame.split('\n').map((line) => {
        const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        return [name, value] as const;
      }),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    const envelope = JSON.parse(data) as NodeEventEnvelope;
    this.seen.push({ id: fields.get('id') ?? '', type: fields.get('event') as NodeEventType, data: envelope.data });
    this.arrivals.emit('arrival');
  }
}
