import { DATA_PREFIX_BYTES, encodeHeader, FrameType, HEADER_BYTES } from '@ferry/protocol';
import type { ContentWindow } from './content-window';
import type { DataWriter, OutgoingFrame } from './data-answer';
import { capacityFor } from './frame-pool';
import type { FrameTurns } from './frame-turns';
import type { OutboundQueue } from './outbound-queue';

/** The DATA frames of one answer: granted in turns, sent with one write each. */
export class DataLane implements DataWriter {
  private readonly granted = new Map<OutgoingFrame, Buffer>();
  private readonly queued = new Set<Uint8Array>();
  private closedReason?: unknown;
  private sent = 0;
  /** Content that was asked for and is not sent. */
  private owed = 0;

  constructor(
    private readonly stream: number,
    private readonly queue: OutboundQueue,
    private readonly turns: FrameTurns,
    private readonly window: ContentWindow,
  ) {}

  get sentFrames(): number {
    return this.sent;
  }

  /** Counts what the answer will hold against the window. @throws ProtocolError TOO_MANY_REQUESTS. */
  owe(contentBytes: number): void {
    this.window.take(contentBytes);
    this.owed = contentBytes;
  }

  async frame(payloadBytes: number): Promise<OutgoingFrame> {
    this.assertOpen();
    const frameBytes = HEADER_BYTES + payloadBytes;
    const buffer = await this.turns.take(this, capacityFor(frameBytes));
    if (this.closedReason !== undefined) {
      this.turns.give(buffer);
      throw this.closedReason;
    }
    const frame = { payload: buffer.subarray(HEADER_BYTES, frameBytes) };
    this.granted.set(frame, buffer);
    return frame;
  }

  send(frame: OutgoingFrame): void {
    const buffer = this.granted.get(frame);
    if (!buffer) {
      if (this.closedReason !== undefined) return;
      throw new Error('A frame can be sent once, by the writer that granted it');
    }
    this.granted.delete(frame);
    if (this.closedReason !== undefined) return this.turns.give(buffer); // cancelled meanwhile
    const length = frame.payload.length;
    encodeHeader({ length, type: FrameType.DATA, flags: 0, stream: this.stream }, buffer);
    const bytes = buffer.subarray(0, HEADER_BYTES + length);
    this.sent += 1;
    // Before the socket gets it: the peer may ask for more as soon as it has this.
    this.forgive(length - DATA_PREFIX_BYTES);
    this.queued.add(bytes);
    this.queue.pushData(bytes, () => {
      this.queued.delete(bytes);
      this.turns.give(buffer);
    });
  }

  /** No more frames: what waits for its turn is refused, what waits for the socket is taken back. */
  abort(reason: unknown): void {
    this.closedReason ??= reason;
    this.forgive(this.owed);
    this.turns.leave(this, this.closedReason);
    if (this.queued.size > 0) this.queue.dropData((bytes) => this.queued.has(bytes));
  }

  /** The handler has settled. Frames sent so far still go out. */
  release(): void {
    this.closedReason ??= new DOMException('The answer is complete', 'AbortError');
    this.forgive(this.owed);
    this.turns.leave(this, this.closedReason);
    // A read of the handler may still fill these, so no other frame may get them.
    for (const buffer of this.granted.values()) this.turns.forget(buffer);
    this.granted.clear();
  }

  private forgive(contentBytes: number): void {
    const bytes = Math.min(contentBytes, this.owed);
    this.owed -= bytes;
    this.window.give(bytes);
  }

  private assertOpen(): void {
    if (this.closedReason !== undefined) throw this.closedReason;
  }
}
