import {
  encodeControl,
  MAX_LATE_ANSWERS,
  MAX_LATE_DATA_BYTES,
  MAX_OUTSTANDING_REQUESTS,
  MAX_STREAM,
  ProtocolError,
} from '@ferry/protocol';
import { cancelFrame, requestFrame } from './control-frame';
import type { DataReceiver } from './data-answer';
import type { OutboundQueue } from './outbound-queue';
import { PeerError } from './peer-error';
import { remoteError } from './remote-error';
import { Slots } from './slots';

/** One request of ours whose last frame has not come. */
export interface OutgoingCall {
  /** 0 until it is sent. */
  stream: number;
  /** Absent when no DATA is expected, and once the request was cancelled. */
  receiver?: DataReceiver;
  /** Cancelled by us: what still comes is ignored. */
  isCancelled: boolean;
  /** DATA that came after that. */
  lateBytes: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Our requests in one session. */
export class OutgoingCalls {
  private readonly calls = new Map<number, OutgoingCall>();
  private readonly slots = new Slots(MAX_OUTSTANDING_REQUESTS);
  private readonly firstStream: number;
  private nextStream: number;
  private lateAnswers = 0;
  private endedBy?: PeerError;

  constructor(
    private readonly queue: OutboundQueue,
    isDialler: boolean,
  ) {
    this.firstStream = isDialler ? 1 : 2;
    this.nextStream = this.firstStream;
  }

  get size(): number {
    return this.calls.size;
  }

  async request(pattern: string, data: unknown, receiver?: DataReceiver, signal?: AbortSignal): Promise<unknown> {
    const payload = encodeControl({ pattern, data });
    await this.slots.take(signal);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.cancel(call, signal?.reason);
      const forget = (): void => signal?.removeEventListener('abort', onAbort);
      const call: OutgoingCall = {
        stream: 0,
        receiver,
        isCancelled: false,
        lateBytes: 0,
        resolve: (value) => (forget(), resolve(value)),
        reject: (error) => (forget(), reject(error)),
      };
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
      this.queue.whenRoom(() => this.send(call, payload));
    });
  }

  /**
   * The call that an answer frame is for; `undefined` when it ended before.
   * @throws ProtocolError UNEXPECTED_MESSAGE for a stream that was never opened.
   */
  answered(stream: number): OutgoingCall | undefined {
    const call = this.calls.get(stream);
    if (call) return call;
    const isOurs = stream % 2 === this.firstStream % 2;
    if (!isOurs || stream >= this.nextStream) {
      throw new ProtocolError('UNEXPECTED_MESSAGE', `answer on stream ${stream}, which was not opened`);
    }
    this.lateAnswers += 1;
    if (this.lateAnswers > MAX_LATE_ANSWERS) {
      throw new ProtocolError('UNEXPECTED_MESSAGE', `answer on stream ${stream}, which has ended`);
    }
    return undefined;
  }

  /**
   * The call that a DATA frame of `length` payload bytes is for.
   * @throws ProtocolError UNEXPECTED_MESSAGE when no DATA was asked for on this stream, or its cancelling is ignored.
   */
  receiving(stream: number, length: number): OutgoingCall {
    const call = this.calls.get(stream);
    if (call?.isCancelled) call.lateBytes += length;
    if (call && call.lateBytes > MAX_LATE_DATA_BYTES) {
      throw new ProtocolError('UNEXPECTED_MESSAGE', `DATA goes on on stream ${stream}, which was cancelled`);
    }
    if (call && (call.receiver || call.isCancelled)) return call;
    throw new ProtocolError('UNEXPECTED_MESSAGE', `DATA on stream ${stream}, which expects none`);
  }

  succeed(stream: number, value: unknown): void {
    this.end(stream)?.resolve(value);
  }

  fail(stream: number, message: unknown): void {
    const error = remoteError(message);
    this.end(stream)?.reject(error);
  }

  /** The session is over. */
  failAll(error: PeerError): void {
    this.endedBy ??= error;
    for (const stream of [...this.calls.keys()]) this.end(stream)?.reject(error);
  }

  private send(call: OutgoingCall, payload: Uint8Array): void {
    const stream = this.nextStream;
    if (call.isCancelled || this.endedBy || stream > MAX_STREAM) {
      this.slots.give();
      return call.reject(this.endedBy ?? new PeerError('SESSION_CLOSED', 'The session has used up its streams'));
    }
    this.nextStream += 2;
    call.stream = stream;
    this.calls.set(stream, call);
    this.queue.pushControl(requestFrame(stream, payload));
  }

  /** The caller hears of it at once; the slot is free when the peer has ended the stream. */
  private cancel(call: OutgoingCall, reason: unknown): void {
    if (call.isCancelled) return;
    call.isCancelled = true;
    call.receiver = undefined;
    call.reject(reason);
    if (call.stream !== 0) this.queue.pushControl(cancelFrame(call.stream));
  }

  private end(stream: number): OutgoingCall | undefined {
    const call = this.answered(stream);
    if (!call) return undefined;
    this.calls.delete(stream);
    this.slots.give();
    return call;
  }
}
