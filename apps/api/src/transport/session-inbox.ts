import { FrameDecoder } from '@ferry/protocol';
import { FrameRouter, type FrameHandler } from './frame-router';

/** The receiving half of a session: bytes in, frames to the handler, and when they came. */
export class SessionInbox {
  private readonly router: FrameRouter;
  private readonly decoder: FrameDecoder;
  private received = 0;
  private heard = performance.now();
  private partial = 0;
  private framesBefore = 0;

  constructor(handler: FrameHandler) {
    this.router = new FrameRouter(handler);
    this.decoder = new FrameDecoder(this.router);
  }

  get bytesIn(): number {
    return this.received;
  }

  /** When the last bytes came (`performance.now()`). */
  get heardAt(): number {
    return this.heard;
  }

  /** When the frame under way was begun, 0 between frames. */
  get partialSince(): number {
    return this.partial;
  }

  /** @throws whatever the decoder or the handler throws; the inbox is of no use afterwards. */
  push(chunk: Uint8Array): void {
    this.received += chunk.length;
    this.heard = performance.now();
    this.decoder.push(chunk);
    if (!this.decoder.isPartial) this.partial = 0;
    else if (this.partial === 0 || this.router.frames !== this.framesBefore) this.partial = this.heard;
    this.framesBefore = this.router.frames;
  }
}
