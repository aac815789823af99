import { ProtocolError } from '../errors';
import { HEADER_BYTES } from '../limits';
import { decodeHeader, type FrameHeader } from './frame';

/** Gets each frame as `begin`, any number of `bytes`, `end`; may throw ProtocolError to end the session. */
export interface FrameSink {
  /** Throws when the header is not welcome now: no payload byte is handed on then. */
  begin(header: FrameHeader): void;
  /** A view into the caller's input, never empty: copy what is kept. */
  bytes(part: Uint8Array): void;
  end(): void;
}

/**
 * Cuts a byte stream into frames without copying or keeping payload bytes: it holds 12 bytes at most.
 * A throw from {@link push} is final, since the place in the stream is lost.
 */
export class FrameDecoder {
  private readonly header = new Uint8Array(HEADER_BYTES);
  private headerFilled = 0;
  private payloadLeft = 0;
  /** Also true while `push` runs, so that a sink cannot feed the decoder that feeds it. */
  private isClosed = false;

  constructor(private readonly sink: FrameSink) {}

  /** Whether a frame was begun and not finished. */
  get isPartial(): boolean {
    return this.headerFilled > 0 || this.payloadLeft > 0;
  }

  /**
   * Feeds the sink with what `input` completes; frames may be cut anywhere.
   * @throws ProtocolError of the header or of the sink.
   */
  push(input: Uint8Array): void {
    if (this.isClosed) throw new ProtocolError('MALFORMED_FRAME', 'bytes after a broken frame');
    this.isClosed = true;
    // A loop, so that many tiny frames cannot overflow the stack.
    for (let offset = 0; offset < input.length;) {
      offset += this.payloadLeft > 0 ? this.takePayload(input, offset) : this.takeHeader(input, offset);
    }
    this.isClosed = false;
  }

  private takeHeader(input: Uint8Array, offset: number): number {
    const part = input.subarray(offset, offset + HEADER_BYTES - this.headerFilled);
    this.header.set(part, this.headerFilled);
    this.headerFilled += part.length;
    if (this.headerFilled === HEADER_BYTES) this.begin(decodeHeader(this.header));
    return part.length;
  }

  private begin(header: FrameHeader): void {
    this.headerFilled = 0;
    this.payloadLeft = header.length;
    this.sink.begin(header);
    if (header.length === 0) this.sink.end();
  }

  private takePayload(input: Uint8Array, offset: number): number {
    const part = input.subarray(offset, offset + this.payloadLeft);
    this.payloadLeft -= part.length;
    this.sink.bytes(part);
    if (this.payloadLeft === 0) this.sink.end();
    return part.length;
  }
}
