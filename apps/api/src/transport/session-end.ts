import type { Duplex } from 'node:stream';
import type { Deadlines } from '@ferry/protocol';
import { LINGER_MS } from './limits';
import type { OutboundQueue } from './outbound-queue';
import type { PeerError } from './peer-error';

type CloseListener = (error?: PeerError) => void;

/** The end of a session: told once, written out if the peer reads, final after a deadline in any case. */
export class SessionEnd {
  /** Resolves when the socket is gone. */
  readonly gone: Promise<void>;
  private readonly listeners = new Set<CloseListener>();
  private over = false;
  private error?: PeerError;

  constructor(
    private readonly socket: Duplex,
    private readonly queue: OutboundQueue,
    private readonly deadlines: Deadlines,
  ) {
    this.gone = new Promise((resolve) => socket.once('close', resolve));
  }

  get isOver(): boolean {
    return this.over;
  }

  /** Marks the end. @returns false when it had begun before. */
  begin(error?: PeerError): boolean {
    if (this.over) return false;
    this.over = true;
    this.error = error;
    return true;
  }

  /** Writes what waits, then the farewell, then FIN; the socket is destroyed soon after. */
  politely(farewell?: Uint8Array): void {
    const destroy = (): unknown => this.socket.destroy();
    const deadline = setTimeout(destroy, this.deadlines.closeMs);
    this.socket.once('close', () => clearTimeout(deadline));
    // Destroying at once could reset the connection before the peer has read the farewell.
    this.socket.once('finish', () => setTimeout(destroy, LINGER_MS).unref());
    if (farewell) this.queue.pushControl(farewell);
    this.queue.finish();
  }

  atOnce(): void {
    this.queue.abandon();
    this.socket.destroy();
  }

  notify(): void {
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) listener(this.error);
  }

  onClose(listener: CloseListener): () => void {
    if (this.over) listener(this.error);
    else this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
