import { MAX_OPEN_REQUESTS, MAX_OUTSTANDING_REQUESTS, ProtocolError, type RequestMessage } from '@ferry/protocol';
import { ContentWindow } from './content-window';
import { errorFrame, responseFrame } from './control-frame';
import { DataAnswer } from './data-answer';
import { DataLane } from './data-lane';
import type { FrameTurns } from './frame-turns';
import type { OutboundQueue } from './outbound-queue';
import { MAX_PLAIN_ANSWERS } from './limits';
import { answerableError } from './remote-error';
import { Slots } from './slots';

interface IncomingCall {
  readonly stream: number;
  readonly abort: AbortController;
  readonly lane: DataLane;
  /** Whether it counts among the answers without DATA. */
  hasSlot: boolean;
}

export interface IncomingEvents {
  /** A handler failed for a reason of ours. */
  failed(pattern: string, error: unknown): void;
  /** The peer asked for what ends the session. */
  broken(error: ProtocolError): void;
}

/** Finds the value, or the DataAnswer, of a request. */
export type Answer = (request: RequestMessage, signal: AbortSignal) => Promise<unknown>;

/** The peer's requests in one session. A call ends when its last frame was handed to the socket. */
export class IncomingCalls {
  private readonly calls = new Map<number, IncomingCall>();
  private readonly window = new ContentWindow();
  private readonly parity: number;
  /** Answers without DATA on their way from their handler to the socket: what a peer that does not read makes us hold. */
  private readonly plain = new Slots(MAX_PLAIN_ANSWERS);
  private lastStream = 0;
  private running = 0;

  constructor(
    private readonly queue: OutboundQueue,
    private readonly turns: FrameTurns,
    isDialler: boolean,
    private readonly events: IncomingEvents,
  ) {
    this.parity = isDialler ? 0 : 1; // of the streams that the peer opens
  }

  get size(): number {
    return this.calls.size;
  }

  /** Takes note of a new stream. @throws ProtocolError when it may not be opened. */
  open(stream: number): void {
    if (stream % 2 !== this.parity || stream <= this.lastStream) {
      throw new ProtocolError('UNEXPECTED_MESSAGE', `request on stream ${stream} after ${this.lastStream}`);
    }
    if (this.calls.size >= MAX_OPEN_REQUESTS) {
      throw new ProtocolError('TOO_MANY_REQUESTS', `more than ${MAX_OPEN_REQUESTS} requests at a time`);
    }
    this.lastStream = stream;
  }

  /** Answers a request of an opened stream; never throws, never rejects. */
  answer(stream: number, request: RequestMessage, answer: Answer): void {
    const lane = new DataLane(stream, this.queue, this.turns, this.window);
    const call: IncomingCall = { stream, abort: new AbortController(), lane, hasSlot: false };
    this.calls.set(stream, call);
    // Answers that only wait for the socket do not count: the peer may have read them already.
    if (this.running >= MAX_OUTSTANDING_REQUESTS)
      this.refuse(call, new ProtocolError('TOO_MANY_REQUESTS', 'too many requests at a time'));
    else void this.run(call, request, answer);
  }

  /** @throws ProtocolError for a stream that was never opened; one that has ended is ignored. */
  cancel(stream: number): void {
    if (stream % 2 !== this.parity || stream > this.lastStream) {
      throw new ProtocolError('UNEXPECTED_MESSAGE', `CANCEL of stream ${stream}, which was not opened`);
    }
    const call = this.calls.get(stream);
    if (call) this.stop(call, new DOMException('The peer cancelled the request', 'AbortError'));
  }

  /** The session is over. */
  abortAll(reason: unknown): void {
    for (const call of [...this.calls.values()]) this.stop(call, reason);
  }

  private async run(call: IncomingCall, request: RequestMessage, answer: Answer): Promise<void> {
    const { signal } = call.abort;
    this.running += 1;
    try {
      await this.plain.take(signal);
      call.hasSlot = true;
      const result = await answer(request, signal);
      signal.throwIfAborted();
      const value = result instanceof DataAnswer ? await this.stream(call, result) : result;
      signal.throwIfAborted();
      this.respond(call, request.pattern, value);
    } catch (error) {
      this.reject(call, request.pattern, error);
    } finally {
      this.running -= 1;
      call.lane.release();
    }
  }

  private stream(call: IncomingCall, { run, contentBytes }: DataAnswer): Promise<unknown> {
    const { lane, abort } = call;
    this.giveSlot(call); // DATA has a limit of its own
    try {
      lane.owe(contentBytes);
    } catch (error) {
      if (error instanceof ProtocolError) this.events.broken(error);
      throw error;
    }
    return run(lane, abort.signal);
  }

  private respond(call: IncomingCall, pattern: string, value: unknown): void {
    this.queue.whenRoom(() => {
      if (call.abort.signal.aborted) return this.refuse(call, answerableError(call.abort.signal.reason));
      try {
        const frame = responseFrame(call.stream, value);
        const done = (): void => this.forget(call);
        // Behind the DATA of its own stream; otherwise before all DATA.
        if (call.lane.sentFrames > 0) this.queue.pushData(frame, done);
        else this.queue.pushControl(frame, done);
      } catch (error) {
        this.reject(call, pattern, error);
      }
    });
  }

  private reject(call: IncomingCall, pattern: string, error: unknown): void {
    call.lane.abort(error);
    const answerable = call.abort.signal.aborted ? new ProtocolError('CANCELLED', 'cancelled') : answerableError(error);
    if (answerable.code === 'INTERNAL') this.events.failed(pattern, error);
    this.refuse(call, answerable);
  }

  private refuse(call: IncomingCall, error: ProtocolError): void {
    this.queue.pushControl(errorFrame(call.stream, error), () => this.forget(call));
  }

  private stop(call: IncomingCall, reason: unknown): void {
    call.lane.abort(reason);
    call.abort.abort(reason);
  }

  private forget(call: IncomingCall): void {
    this.calls.delete(call.stream);
    this.giveSlot(call);
  }

  private giveSlot(call: IncomingCall): void {
    if (!call.hasSlot) return;
    call.hasSlot = false;
    this.plain.give();
  }
}
