import type { Duplex } from 'node:stream';
import { MAX_CONTROL_QUEUE_BYTES } from '@ferry/protocol';
import { CONTROL_BATCH_BYTES, CONTROL_ROOM_BYTES } from './limits';

interface Outgoing {
  readonly bytes: Uint8Array;
  /** Called once: when the socket took the bytes, or when they were dropped. */
  readonly done?: () => void;
}

/**
 * What waits for the socket. One write is under way at a time, so that a control frame
 * never waits for more than one DATA frame.
 */
export class OutboundQueue {
  private readonly control: Outgoing[] = [];
  private readonly data: Outgoing[] = [];
  private readonly waiters: (() => void)[] = [];
  private writing?: readonly Outgoing[];
  private writingSince = 0;
  private controlBytes = 0;
  private finished = false;
  private written = 0;

  /** @param onOverflow called when control frames pile up because the peer does not read. */
  constructor(
    private readonly socket: Duplex,
    private readonly onOverflow: () => void,
  ) {}

  /** Bytes handed to the socket so far. */
  get bytesOut(): number {
    return this.written;
  }

  /** When the write under way began (`performance.now()`), 0 when there is none. */
  get busySince(): number {
    return this.writing ? this.writingSince : 0;
  }

  pushControl(bytes: Uint8Array, done?: () => void): void {
    if (this.finished) return done?.();
    this.control.push({ bytes, done });
    this.controlBytes += bytes.length;
    this.pump();
    if (this.controlBytes > MAX_CONTROL_QUEUE_BYTES) this.onOverflow();
  }

  pushData(bytes: Uint8Array, done: () => void): void {
    if (this.finished) return done();
    this.data.push({ bytes, done });
    this.pump();
  }

  /** Runs `push` when another control frame is welcome: now, or later in the order of the calls. */
  whenRoom(push: () => void): void {
    this.waiters.push(push);
    this.runWaiters();
  }

  /** Takes back DATA that was not handed to the socket. */
  dropData(isDropped: (bytes: Uint8Array) => boolean): void {
    const dropped = this.data.filter(({ bytes }) => isDropped(bytes));
    if (dropped.length === 0) return;
    const kept = this.data.filter(({ bytes }) => !isDropped(bytes));
    this.data.splice(0, this.data.length, ...kept);
    for (const { done } of dropped) done?.();
  }

  /** Drops waiting DATA, writes the waiting control frames and ends the socket. */
  finish(): void {
    if (this.finished) return;
    this.finished = true;
    this.dropData(() => true);
    this.runWaiters();
    this.pump();
  }

  /** The socket is gone: nothing that waits will ever be written. */
  abandon(): void {
    this.finished = true;
    const lost = [...this.control.splice(0), ...this.data.splice(0)];
    this.controlBytes = 0;
    for (const { done } of lost) done?.();
    this.runWaiters();
  }

  private pump(): void {
    if (this.writing) return;
    const batch = this.takeControl() ?? this.takeData();
    if (batch) this.write(batch);
    else if (this.finished) this.socket.end();
  }

  private write(batch: readonly Outgoing[]): void {
    const [first] = batch;
    if (!first) return;
    const bytes = batch.length === 1 ? first.bytes : Buffer.concat(batch.map((item) => item.bytes));
    this.writing = batch;
    this.writingSince = performance.now();
    this.written += bytes.length;
    this.socket.write(bytes, this.onWritten);
  }

  private readonly onWritten = (error?: Error | null): void => {
    const batch = this.writing ?? [];
    this.writing = undefined;
    for (const { done } of batch) done?.();
    if (error) return this.abandon();
    this.runWaiters();
    this.pump();
  };

  private takeControl(): readonly Outgoing[] | undefined {
    if (this.control.length === 0) return undefined;
    let bytes = 0;
    let count = 0;
    for (const item of this.control) {
      if (count > 0 && bytes + item.bytes.length > CONTROL_BATCH_BYTES) break;
      bytes += item.bytes.length;
      count += 1;
    }
    this.controlBytes -= bytes;
    return this.control.splice(0, count);
  }

  private takeData(): readonly Outgoing[] | undefined {
    const item = this.data.shift();
    return item && [item];
  }

  private runWaiters(): void {
    while (this.finished || this.controlBytes <= CONTROL_ROOM_BYTES) {
      const push = this.waiters.shift();
      if (!push) return;
      push();
    }
  }
}
