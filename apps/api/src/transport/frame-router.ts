import { DATA_PREFIX_BYTES, FrameType, type FrameHeader, type FrameSink } from '@ferry/protocol';
import type { OutgoingCall } from './outgoing-calls';

/** What a session does with whole control frames and with the owner of DATA frames. */
export interface FrameHandler {
  /** Before any payload byte is kept. @throws ProtocolError when the frame is not welcome now. */
  admit(header: FrameHeader): void;
  /** @param payload valid during the call only. */
  control(header: FrameHeader, payload: Uint8Array): void;
  /** The call that a DATA frame is for. @throws ProtocolError when there is none. */
  receiving(stream: number, length: number): OutgoingCall;
}

/**
 * Hands on DATA as it comes and collects the payloads of control frames.
 * The decoder has checked the length of both against its limit.
 */
export class FrameRouter implements FrameSink {
  private readonly prefix = new Uint8Array(DATA_PREFIX_BYTES);
  private header?: FrameHeader;
  private call?: OutgoingCall;
  /** Payload bytes of the current frame that came so far. */
  private filled = 0;
  private payload?: Uint8Array;
  private completed = 0;

  constructor(private readonly handler: FrameHandler) {}

  /** Frames that came whole. */
  get frames(): number {
    return this.completed;
  }

  begin(header: FrameHeader): void {
    this.handler.admit(header);
    this.header = header;
    this.filled = 0;
    this.payload = undefined;
    this.call = header.type === FrameType.DATA ? this.handler.receiving(header.stream, header.length) : undefined;
  }

  bytes(part: Uint8Array): void {
    if (this.call) this.takeData(this.call, part);
    else this.takeControl(part);
  }

  end(): void {
    this.completed += 1;
    const header = this.header;
    const call = this.call;
    this.header = undefined;
    this.call = undefined;
    if (call) call.receiver?.end();
    else if (header) this.handler.control(header, this.payload ?? new Uint8Array(0));
    this.payload = undefined;
  }

  private takeData(call: OutgoingCall, part: Uint8Array): void {
    if (this.filled >= DATA_PREFIX_BYTES) return call.receiver?.bytes(part);
    const head = part.subarray(0, DATA_PREFIX_BYTES - this.filled);
    this.prefix.set(head, this.filled);
    this.filled += head.length;
    if (this.filled < DATA_PREFIX_BYTES) return;
    call.receiver?.begin(this.prefix, (this.header?.length ?? 0) - DATA_PREFIX_BYTES);
    if (part.length > head.length) call.receiver?.bytes(part.subarray(head.length));
  }

  private takeControl(part: Uint8Array): void {
    const length = this.header?.length ?? 0;
    if (this.filled === 0 && part.length === length) {
      this.payload = part; // whole in one piece: read in place
    } else {
      this.payload ??= new Uint8Array(length);
      this.payload.set(part, this.filled);
    }
    this.filled += part.length;
  }
}
