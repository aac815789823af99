import type { Peer } from '@ferry/protocol';
import { EventReader, isEvent, type NodeProcess } from '@ferry/test-nodes';

/** Follows the peers of one node by its events, as the UI does. */
export class PeerWatch {
  private constructor(
    private readonly node: NodeProcess,
    private readonly reader: EventReader,
  ) {}

  static async open(node: NodeProcess): Promise<PeerWatch> {
    return new PeerWatch(node, await EventReader.open(node.api.origin));
  }

  /** Resolves when the peer is as wanted, now or after an event. */
  async until(id: string, isWanted: (peer: Peer) => boolean, timeoutMs: number, what: string): Promise<Peer> {
    const start = this.reader.seen.length;
    const { status, body } = await this.node.api.call<Peer>('GET', `/peers/${id}`);
    if (status === 200 && isWanted(body)) return body;
    for await (const event of this.reader.from(start, timeoutMs, what)) {
      const isNews = isEvent(event, 'peers.added') || isEvent(event, 'peers.changed');
      if (isNews && event.data.id === id && isWanted(event.data)) return event.data;
    }
    throw new Error(`the event stream ended before ${what}`);
  }

  /** Resolves when a nearby device is no longer listed. */
  async untilGone(id: string, timeoutMs: number): Promise<void> {
    const start = this.reader.seen.length;
    const { status } = await this.node.api.call('GET', `/peers/${id}`);
    if (status === 404) return;
    for await (const event of this.reader.from(start, timeoutMs, `the end of ${id}`)) {
      if (isEvent(event, 'peers.removed') && event.data.id === id) return;
    }
    throw new Error('the event stream ended');
  }

  /** How many events came so far. */
  get count(): number {
    return this.reader.seen.length;
  }

  close(): void {
    this.reader.close();
  }
}
