import { FrameType, PING_BYTES } from '@ferry/protocol';
import { pingFrame } from './control-frame';
import type { OutboundQueue } from './outbound-queue';

interface Ping {
  readonly sentAt: number;
  readonly resolve: (roundTripMs: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Round trips asked for and not yet answered. */
export class Pings {
  private readonly pending = new Map<number, Ping>();
  private next = 1;

  constructor(private readonly queue: OutboundQueue) {}

  /** @returns milliseconds. @throws the signal's reason, or what `failAll` is given. */
  send(signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    const id = this.next++;
    const token = new Uint8Array(PING_BYTES);
    new DataView(token.buffer).setUint32(4, id);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.take(id)?.reject(signal?.reason);
      const forget = (): void => signal?.removeEventListener('abort', onAbort);
      this.pending.set(id, {
        sentAt: performance.now(),
        resolve: (roundTripMs) => (forget(), resolve(roundTripMs)),
        reject: (error) => (forget(), reject(error)),
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.queue.pushControl(pingFrame(FrameType.PING, token));
    });
  }

  /** A PONG that nobody waits for is ignored. */
  answered(token: Uint8Array): void {
    const id = new DataView(token.buffer, token.byteOffset, token.length).getUint32(4);
    const ping = this.take(id);
    ping?.resolve(performance.now() - ping.sentAt);
  }

  failAll(error: unknown): void {
    for (const id of [...this.pending.keys()]) this.take(id)?.reject(error);
  }

  private take(id: number): Ping | undefined {
    const ping = this.pending.get(id);
    this.pending.delete(id);
    return ping;
  }
}
